// Names one registered handler, for off(). A value: dropping it removes nothing.
//
//   naru::HandlerId id = socket.on("tick", on_tick);
//   socket.off(id);
#pragma once

#include <atomic>
#include <cstdint>

namespace naru {
inline namespace v0 {

class HandlerId {
 public:
  HandlerId() = default;  // names no handler
  // One that names no other handler of this process.
  static HandlerId next() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return HandlerId(last.fetch_add(1, std::memory_order_relaxed) + 1);
  }

  explicit operator bool() const noexcept { return number_ != 0; }
  friend bool operator==(HandlerId a, HandlerId b) noexcept { return a.number_ == b.number_; }

 private:
  explicit HandlerId(std::uint64_t number) noexcept : number_(number) {}
  std::uint64_t number_ = 0;
};

}  // namespace v0
}  // namespace naru
