// News and live score by SSE: a page that was away gets what it missed, a page that comes late the whole
// story.
//   build/release/examples/live_score                                  http://localhost:8005
//   curl -X POST localhost:8005/goals/home                             what a reporter does
//   curl -N 'localhost:8005/channels/final?since=first' -H 'Accept: text/event-stream'
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "naru/naru.hpp"

struct Score {
  std::int64_t home = 0;
  std::int64_t away = 0;
};

template <>
struct naru::Codec<Score> {
  static void encode(ArgumentWriter& out, const Score& score) {
    out.begin_object();
    out.member("home", score.home);
    out.member("away", score.away);
    out.end_object();
  }
};

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  naru::Server server;
  server.feed("/channels/:channel", {.history = {.size = 500, .ttl = 24h}});
  naru::Channel match = server.channel("final");
  auto score = std::make_shared<Score>();

  // Whoever reports a goal is answered when it is published, and every page has heard of it then.
  server.post("/goals/:side", [match, score](naru::Request request, naru::Response response) mutable {
    const std::string_view side = request.param("side");
    if (side != "home" && side != "away") return response.status(404).end("home or away");
    ++(side == "home" ? score->home : score->away);
    auto answer = [response = std::move(response)](naru::Result<naru::Published> at) mutable {
      if (!at) return response.status(503).end(at.error().message());
      response.status(201).json(at->position.text());
    };
    match.publish(*score, {.event = "goal"}, std::move(answer));
  });
  server.post("/news", [match](naru::Request request, naru::Response response) mutable {
    const std::string line(request.body());
    auto answer = [response = std::move(response)](naru::Result<naru::Published> at) mutable {
      response.status(at ? 201 : 503).end(at ? "" : at.error().message());
    };
    match.publish(line, {.event = "news"}, std::move(answer));
  });
  server.directory("/", "examples/live_score");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
