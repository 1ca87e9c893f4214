#include "adapter/session_store.hpp"

#include <utility>

namespace naru::adapter {

void SessionStore::put(Session session) {
  if (auto found = by_pid_.find(session.pid); found != by_pid_.end()) extract(found->second);
  bytes_ += session.cost();
  std::string pid = session.pid;
  const auto at = by_deadline_.emplace(session.deadline, std::move(session));
  by_pid_.emplace(std::move(pid), at);
  while (by_deadline_.size() > limits_.count || bytes_ > limits_.bytes)
    extract(by_deadline_.begin());
}

std::optional<Session> SessionStore::take(std::string_view pid, base::TimePoint now) {
  auto found = by_pid_.find(pid);
  if (found == by_pid_.end()) return std::nullopt;
  Session session = extract(found->second);
  if (session.deadline <= now) return std::nullopt;
  return session;
}

std::size_t SessionStore::forget_identity(std::string_view identity) {
  const std::size_t before = size();
  for (auto at = by_deadline_.begin(); at != by_deadline_.end();) {
    auto next = std::next(at);
    if (at->second.identity == identity) extract(at);
    at = next;
  }
  return before - size();
}

void SessionStore::expire(base::TimePoint now) {
  while (deadline() <= now)
    extract(by_deadline_.begin());
}

base::TimePoint SessionStore::deadline() const noexcept {
  return by_deadline_.empty() ? base::kNever : by_deadline_.begin()->first;
}

Session SessionStore::extract(ByDeadline::iterator at) {
  Session session = std::move(by_deadline_.extract(at).mapped());
  by_pid_.erase(session.pid);
  bytes_ -= session.cost();
  return session;
}

}  // namespace naru::adapter
