#include "socketio/ack_table.hpp"

#include <algorithm>

#include "naru/errc.hpp"

namespace naru::socketio {

bool AckTable::add(std::uint64_t id, AckFunction function, base::TimePoint deadline) {
  if (pending_.size() >= max_pending_ || pending_.contains(id)) {
    function(Error(errc::too_many_pending));
    return false;
  }
  earliest_ = std::min(this->deadline(), deadline);
  pending_.emplace(id, Waiting{std::move(function), deadline});
  return true;
}

bool AckTable::resolve(std::uint64_t id, const ArgsView& arguments) {
  auto waiting = pending_.extract(id);
  if (!waiting) return false;
  waiting.mapped().function(arguments);
  return true;
}

void AckTable::tick(base::TimePoint now) {
  if (now < deadline()) return;
  std::vector<AckFunction> due;
  earliest_ = base::kNever;
  for (auto at = pending_.begin(); at != pending_.end();) {
    if (at->second.deadline > now) {
      earliest_ = std::min(earliest_, at->second.deadline);
      ++at;
    } else {
      due.push_back(std::move(at->second.function));
      at = pending_.erase(at);
    }
  }
  for (const AckFunction& function : due)
    function(Error(errc::timed_out));
}

void AckTable::fail_all(std::error_code reason) {
  Table all = std::exchange(pending_, {});
  for (auto& [id, waiting] : all)
    waiting.function(Error(reason));
}

}  // namespace naru::socketio
