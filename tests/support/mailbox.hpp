// What a server's threads tell a test: a queue that is waited on with a deadline, so that a test that waits
// in vain fails instead of hanging.
//
//   Mailbox<std::string> reasons;
//   io.on_disconnect([&](naru::Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
//   EXPECT_EQ(reasons.take(), "transport close");
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace naru::test {

// Far more than anything takes that works, with a sanitizer on a busy machine too.
inline constexpr std::chrono::seconds kPatience{20};

template <class T>
class Mailbox {
 public:
  void put(T value) {
    std::lock_guard lock(mutex_);
    values_.push_back(std::move(value));
    arrived_.notify_one();
  }
  // Throws std::runtime_error when nothing comes.
  T take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, kPatience, [this] { return !values_.empty(); })) {
      throw std::runtime_error("nothing came within the deadline");
    }
    T value = std::move(values_.front());
    values_.pop_front();
    return value;
  }
  bool empty() const {
    std::lock_guard lock(mutex_);
    return values_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> values_;
};

}  // namespace naru::test
