// The acknowledgements that one socket owes us: number -> who waits, and until when.
//
//   if (!table.add(id, std::move(function), now + 20s)) ...   // full: the function was told too_many_pending
//   table.resolve(*packet.id, ArgsView(packet.elements, packet.attachments));
//   table.tick(now);                                          // at deadline() at the latest
//
// Each function is called exactly once, with the answer, errc::timed_out, errc::too_many_pending, or what
// fail_all was given, and is forgotten before it is called, so that it may use the table. Functions must not
// throw. An empty table owns no memory. Belongs to one loop. Answers with unknown or repeated numbers are
// ignored, as in the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "naru/args.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"

namespace naru::socketio {

using AckFunction = Function<void(Result<ArgsView>)>;

// Far more than anybody waits for at a time; a client that never answers cannot make us keep more closures.
inline constexpr std::size_t kMaxPendingAcks = 10'000;

class AckTable {
 public:
  explicit AckTable(std::size_t max_pending = kMaxPendingAcks) noexcept : max_pending_(max_pending) {}
  AckTable(AckTable&&) noexcept = default;
  AckTable& operator=(AckTable&&) noexcept = default;

  // False when the table is full or has the number already: the function was called with
  // errc::too_many_pending.
  bool add(std::uint64_t id, AckFunction function, base::TimePoint deadline);
  // Whether add() would take one more.
  bool has_room() const noexcept { return pending_.size() < max_pending_; }
  // False when nobody waits for this number.
  bool resolve(std::uint64_t id, const ArgsView& arguments);
  // Ends what is due, in the order of the numbers.
  void tick(base::TimePoint now);
  void fail_all(std::error_code reason);

  // Not later than the first that is due; base::kNever when nobody waits.
  base::TimePoint deadline() const noexcept { return pending_.empty() ? base::kNever : earliest_; }
  std::size_t size() const noexcept { return pending_.size(); }

 private:
  struct Waiting {
    AckFunction function;
    base::TimePoint deadline;
  };
  using Table = std::map<std::uint64_t, Waiting>;
  std::size_t max_pending_;
  base::TimePoint earliest_ = base::kNever;
  Table pending_;
};

}  // namespace naru::socketio
