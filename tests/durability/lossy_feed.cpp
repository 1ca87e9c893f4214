// lossy_feed --port PORT --data FOLDER [--loops N] [--history N] [--weak yes]: the fixture's profile `feed`
// on a disk that loses power when the process gets SIGUSR1. What such a disk might hold is put onto the
// files, then it ends with 9. Weak, it does not wait for the disk: messages must get lost then.
#include <sqlite3.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>
#include <thread>

#include "naru/naru.hpp"
#include "support/power_loss_vfs.hpp"

namespace {

constexpr int kPowerLost = 9;

// The value behind `name`.
std::uint64_t number(const std::map<std::string_view, const char*>& options, std::string_view name,
                     std::uint64_t otherwise) {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : std::strtoull(found->second, nullptr, 10);
}

void serve(naru::test::PowerLossVfs& vfs, const sigset_t& loss,
           const std::map<std::string_view, const char*>& options) {
  naru::Server server({.loops = static_cast<unsigned>(number(options, "--loops", 1))});
  server.io();
  server.feed("/channels/:channel",
              {.history = {.size = number(options, "--history", 100'000), .bytes = std::size_t{256} << 20},
               .durability = options.contains("--weak") ? naru::Durability::process : naru::Durability::power,
               .open_publish = true});
  server.data(options.at("--data"));
  server.listen({.port = static_cast<std::uint16_t>(number(options, "--port", 0))});
  std::thread power([&] {
    int signal = 0;
    sigwait(&loss, &signal);
    vfs.cut_power();
    server.stop(std::chrono::milliseconds(0));
  });
  server.run();
  power.join();
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string_view, const char*> options;
  for (int i = 1; i + 1 < count; i += 2)
    options[arguments[i]] = arguments[i + 1];
  if (!options.contains("--data")) {
    std::fprintf(stderr, "usage: lossy_feed --port PORT --data FOLDER [--loops N] [--history N]\n");
    return 2;
  }
  sigset_t loss;
  sigemptyset(&loss);
  sigaddset(&loss, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &loss, nullptr);  // before there are threads: they have it from here
  naru::test::PowerLossVfs vfs("lossy");
  sqlite3_vfs_register(sqlite3_vfs_find("lossy"), 1);
  serve(vfs, loss, options);
  vfs.restore_power(naru::test::Unsynced::some, static_cast<std::uint64_t>(getpid()));
  return kPowerLost;
}
