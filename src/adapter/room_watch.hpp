// Who wants to know when rooms come, go, are joined and left, over all loops of a namespace. What happens on
// several loops is brought into one order, and told in it, one after the other.
//
//   if (watch.is_on()) watch.joined(room, id);   // noted where it happens…
//   watch.tell();                                // …and told when no table is being walked
//
// Any thread. Where nobody wants to know it costs one load.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/log_limiter.hpp"
#include "naru/function.hpp"

namespace naru::adapter {

enum class RoomChange : std::uint8_t { created, joined, left, deleted };
// `id` is empty for created and deleted. Must not throw; may use the adapter.
using RoomListener = Function<void(RoomChange change, std::string_view room, std::string_view id)>;

// What may wait while one listener takes its time and rooms go on changing elsewhere: some 10 MB.
inline constexpr std::size_t kMaxUntoldChanges = 100'000;

class RoomWatch {
 public:
  explicit RoomWatch(std::size_t max_untold = kMaxUntoldChanges) : max_untold_(max_untold) {}

  bool is_on() const noexcept { return is_on_.load(std::memory_order_acquire); }
  void add(RoomListener listener);

  // So many are in there already, from before anybody wanted to know: not told.
  void count(const std::string& room, std::size_t members);
  void joined(const std::string& room, const std::string& id);
  void left(const std::string& room, const std::string& id);
  // Unless somebody is at it: then that thread tells these too.
  void tell();

 private:
  struct Change {
    RoomChange change;
    std::string room;
    std::string id;
  };
  void note(RoomChange change, const std::string& room, const std::string& id = {});

  const std::size_t max_untold_;
  std::atomic<bool> is_on_{false};
  std::mutex mutex_;
  std::vector<std::shared_ptr<const RoomListener>> listeners_;
  std::unordered_map<std::string, std::size_t> members_;
  std::list<Change> untold_;
  bool is_telling_ = false;
  base::LogLimiter log_{base::system_clock()};
};

}  // namespace naru::adapter
