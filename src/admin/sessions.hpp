// Who has logged in lately: ids that nobody can guess, at most so many, for so long.
//
//   std::string id = sessions.open(now);
//   if (sessions.knows(id, now)) let_in();
//
// Any thread; time is an argument.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/text_map.hpp"

namespace naru::admin {

class Sessions {
 public:
  Sessions(base::Duration lifetime, std::size_t most) : lifetime_(lifetime), most_(most) {}

  // One more, 32 hexadecimal digits; beyond `most` the oldest ends.
  std::string open(base::TimePoint now);
  bool knows(std::string_view id, base::TimePoint now) const;
  std::size_t size() const;

 private:
  const base::Duration lifetime_;
  const std::size_t most_;
  mutable std::mutex mutex_;
  base::TextMap<base::TimePoint> ends_;  // by id
  std::deque<std::string> order_;        // all live equally long: the oldest ends first
};

}  // namespace naru::admin
