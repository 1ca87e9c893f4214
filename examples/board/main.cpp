// A whiteboard for many: each stroke is a message of a channel, so that who comes later draws what was drawn
// before, and who was away for a moment misses nothing. By Socket.IO, namespace /channels; no handler is
// needed.
//   build/release/examples/board                                    http://localhost:8005/?board=harbour
#include <chrono>
#include <cstdlib>

#include "naru/naru.hpp"

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  naru::Server server;
  server.io();
  server.feed("/channels/:channel",
              {
                  .prefix = "board:",
                  .history = {.size = 5000, .bytes = 16 << 20, .ttl = 24h},
                  .authorize = [](const naru::Access& access) -> naru::Verdict {
                    // Who draws says who he is; to look on is free.
                    if (access.action != naru::Action::publish) return naru::allow;
                    const auto name = access.request.auth.get<std::string>("name").value_or("");
                    return name.empty() ? naru::refuse("say who you are") : naru::allow.as(name);
                  },
                  .presence = {.enabled = true},
              });
  server.directory("/", "examples/board");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
