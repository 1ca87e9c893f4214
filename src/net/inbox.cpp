#include "net/inbox.hpp"

#include <algorithm>
#include <utility>

namespace naru::net {

PostResult Inbox::try_post(Function<void()>& work, std::size_t bytes, PostKind kind) {
  // Cut, so that no figure of a caller overflows: what names more than the limit is refused all the same.
  const std::size_t cost = std::min(bytes, limit_) + kPostCost;
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!has_room(cost, kind)) {
      count_refusal(kind);
      return PostResult::refused;
    }
    waiting_.push_back({std::move(work), cost});
    ledger_.add(Account::inbox, static_cast<std::ptrdiff_t>(cost));
    is_first = !has_work_.exchange(true, std::memory_order_seq_cst);
  }
  if (is_first) wakeup_.wake_if_asleep();
  return PostResult::accepted;
}

std::size_t Inbox::limit_of(PostKind kind) const noexcept {
  switch (kind) {
    case PostKind::control:
      return static_cast<std::size_t>(-1);
    case PostKind::order:
      return 2 * limit_;
    case PostKind::event:
      return limit_;
    case PostKind::volatile_:
      return limit_ / 2;
  }
  return limit_;
}

bool Inbox::has_room(std::size_t cost, PostKind kind) const noexcept {
  const std::size_t limit = limit_of(kind);
  return cost <= limit && ledger_.bytes(Account::inbox) <= limit - cost;
}

void Inbox::count_refusal(PostKind kind) noexcept {
  auto& count = kind == PostKind::order       ? refused_orders_
                : kind == PostKind::volatile_ ? refused_volatile_
                                              : refused_events_;
  count.fetch_add(1, std::memory_order_relaxed);
}

void Inbox::take_waiting() {
  const std::lock_guard lock(mutex_);
  running_.swap(waiting_);
  has_work_.store(false, std::memory_order_seq_cst);
}

void Inbox::forget_running() {
  if (running_.capacity() > kKeptEntries) {
    std::vector<Entry>().swap(running_);
  } else {
    running_.clear();
  }
}

bool Inbox::drop_all() {
  take_waiting();
  const bool had_any = !running_.empty();
  for (const Entry& entry : running_)
    ledger_.add(Account::inbox, -static_cast<std::ptrdiff_t>(entry.cost));
  // Out of the member first: what the closures own may post again while it is destroyed.
  const std::vector<Entry> dropped = std::exchange(running_, std::vector<Entry>());
  return had_any;
}

}  // namespace naru::net
