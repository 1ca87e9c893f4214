// One connection is one descriptor: a server takes all that the system grants, and says so when that is
// little.
#pragma once

#include <sys/resource.h>

#include <string>

#include "naru/log.hpp"

namespace apps {

// Below this many a busy server would have to turn people away.
inline constexpr rlim_t kWantedDescriptors = 16'384;

inline void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  const bool is_raised = ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
  if (is_raised && limit.rlim_cur >= kWantedDescriptors) return;
  ::getrlimit(RLIMIT_NOFILE, &limit);
  naru::log(naru::Level::warning, "server",
            "the system grants " + std::to_string(limit.rlim_cur) +
                " descriptors, so at most about as many connections: raise `ulimit -n` for more");
}

}  // namespace apps
