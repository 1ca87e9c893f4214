// Ctrl-C and SIGTERM as something that can be asked and waited for.
//
//   Stop stop;
//   stop.on_signals();
//   while (!stop.wait(1s)) poll_again();
//
// One with on_signals() at a time in a process; a second signal ends the process at once. ask(): any thread.
#pragma once

#include <atomic>
#include <chrono>

namespace apps {

class Stop {
 public:
  Stop();  // throws std::system_error
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;
  ~Stop();

  void on_signals();
  void ask() noexcept;  // also in a signal handler
  bool is_asked() const noexcept { return asked_.load(); }
  // True when it was asked for, at the latest after `time`.
  bool wait(std::chrono::milliseconds time) const;
  // Readable from ask() on, for poll().
  int descriptor() const noexcept { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
  std::atomic<bool> asked_{false};
};

}  // namespace apps
