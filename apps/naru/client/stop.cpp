#include "naru/client/stop.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace apps {
namespace {

std::atomic<Stop*> target{nullptr};

}  // namespace

Stop::Stop() {
  if (::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
}

Stop::~Stop() {
  Stop* self = this;
  if (target.compare_exchange_strong(self, nullptr)) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
  ::close(ends_[0]);
  ::close(ends_[1]);
}

void Stop::on_signals() {
  target.store(this);
  struct sigaction action {};
  action.sa_handler = [](int) {
    if (Stop* stop = target.load()) stop->ask();
  };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

void Stop::ask() noexcept {
  asked_.store(true);
  const int before = errno;
  [[maybe_unused]] const auto written = ::write(ends_[1], "", 1);
  errno = before;
}

bool Stop::wait(std::chrono::milliseconds time) const {
  pollfd entry{ends_[0], POLLIN, 0};
  ::poll(&entry, 1, static_cast<int>(time.count()));  // a signal that interrupts it is the one we wait for
  return is_asked();
}

}  // namespace apps
