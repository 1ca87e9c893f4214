// Events of a socket that wait until its suspended handler has ended: what "callbacks never overlap" costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "naru/args.hpp"

namespace naru::app {

struct HeldEvent {
  std::string name;
  Args arguments;
  std::optional<std::uint64_t> ack_id;
};

class HeldEvents {
 public:
  void push(HeldEvent event) {
    bytes_ += cost(event);
    events_.push_back(std::move(event));
  }
  HeldEvent pop() {
    HeldEvent event = std::move(events_.front());
    events_.pop_front();
    bytes_ -= cost(event);
    return event;
  }
  bool empty() const noexcept { return events_.empty(); }
  std::size_t size() const noexcept { return events_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

  std::size_t running = 0;   // handlers of the current event that have not ended
  bool is_draining = false;  // what waited is being run: handlers that end at once do not start it again
  bool has_paused_reading = false;

 private:
  static std::size_t cost(const HeldEvent& event) { return event.name.size() + event.arguments.memory(); }
  std::deque<HeldEvent> events_;
  std::size_t bytes_ = 0;
};

}  // namespace naru::app
