// Sessions of sockets that may come back: by pid, each served once, bounded by time, count and bytes.
//
//   store.put(std::move(session));               // session.deadline says how long
//   auto session = store.take(pid, now);         // empty: unknown, expired, or taken before
//   store.expire(now);                           // at deadline() at the latest
//
// When a limit is reached, those go first that have the least time left. Plain data for one thread at a time.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/session.hpp"
#include "base/clock.hpp"
#include "base/text_map.hpp"

namespace naru::adapter {

struct SessionLimits {
  std::size_t count = 100'000;                // a busy server's clients, all of them cut off at once
  std::size_t bytes = std::size_t{64} << 20;  // of about 600 bytes each
};

class SessionStore {
 public:
  explicit SessionStore(SessionLimits limits) : limits_(limits) {}

  // Replaces one of the same pid.
  void put(Session session);
  std::optional<Session> take(std::string_view pid, base::TimePoint now);
  // All of this identity: they shall not come back. How many there were.
  std::size_t forget_identity(std::string_view identity);
  void expire(base::TimePoint now);
  // The earliest; kNever when there is none.
  base::TimePoint deadline() const noexcept;

  std::size_t size() const noexcept { return by_deadline_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  using ByDeadline = std::multimap<base::TimePoint, Session>;
  Session extract(ByDeadline::iterator at);

  const SessionLimits limits_;
  ByDeadline by_deadline_;
  base::TextMap<ByDeadline::iterator> by_pid_;
  std::size_t bytes_ = 0;
};

}  // namespace naru::adapter
