// Ctrl-C and SIGTERM end a program's server gently: connections hear goodbye, then run() returns.
//
//   naru::Server server;
//   apps::StopOnSignals stop(server);
//   server.run();
//
// One at a time in a process. A second signal ends the process at once, as if nobody handled it.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>

#include "naru/server.hpp"

namespace apps {

class StopOnSignals {
 public:
  // `within`: how long connections may take to end.
  explicit StopOnSignals(naru::Server& server, std::chrono::milliseconds within = std::chrono::seconds(5)) {
    deadline().store(within.count());
    target().store(&server);
    struct sigaction action {};
    action.sa_handler = [](int) {
      if (naru::Server* running = target().load())
        running->stop(std::chrono::milliseconds(deadline().load()));
    };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
  }
  ~StopOnSignals() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    target().store(nullptr);
  }
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;

 private:
  static std::atomic<naru::Server*>& target() {
    static std::atomic<naru::Server*> server{nullptr};
    return server;
  }
  static std::atomic<std::chrono::milliseconds::rep>& deadline() {
    static std::atomic<std::chrono::milliseconds::rep> milliseconds{0};
    return milliseconds;
  }
};

}  // namespace apps
