// A live dashboard of this machine: each second one sample on a channel that keeps ten minutes, so that a
// page draws the past at once and goes on from there.
//   build/release/examples/dashboard                                http://localhost:8005
//   curl 'localhost:8005/channels/machine?limit=3'
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "naru/naru.hpp"

struct Sample {
  double load = 0;                // processes that run or want to, over the last minute
  std::int64_t memory = 0;        // bytes in use
  std::int64_t memory_total = 0;  // bytes
  std::int64_t time = 0;          // milliseconds since 1970
};

template <>
struct naru::Codec<Sample> {
  static void encode(ArgumentWriter& out, const Sample& sample) {
    out.begin_object();
    out.member("load", sample.load);
    out.member("memory", sample.memory);
    out.member("memory_total", sample.memory_total);
    out.member("time", sample.time);
    out.end_object();
  }
};

// As proc(5) has it.
Sample look() {
  Sample sample;
  std::ifstream("/proc/loadavg") >> sample.load;
  std::ifstream memory("/proc/meminfo");
  std::int64_t available = 0;
  std::string name;
  std::string unit;
  for (std::int64_t kibibytes = 0; memory >> name >> kibibytes; std::getline(memory, unit)) {
    if (name == "MemTotal:") sample.memory_total = kibibytes * 1024;
    if (name == "MemAvailable:") available = kibibytes * 1024;
  }
  sample.memory = sample.memory_total - available;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  sample.time = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return sample;
}

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  naru::Server server;
  server.feed("/channels/:channel", {.history = {.size = 600, .ttl = 10min}});
  naru::Channel machine = server.channel("machine");
  server.every(1s, [&] { machine.publish(look(), {}, [](const naru::Result<naru::Published>&) {}); });
  server.directory("/", "examples/dashboard");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
