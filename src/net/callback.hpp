// Which callback this thread's loop is in, as a number: what is written in one callback leaves together, so
// a second write with the number of the first one finds its transport taken.
//
//   Callback::begin();                                    // before each; also before each message of a read
//   const bool has_left = written_in != Callback::current();
//
// The thread's own; the number comes again after 2^32 callbacks. Nested calls of users' code stay within the
// callback that they were called from.
#pragma once

#include <cstdint>

namespace naru::net {

class Callback {
 public:
  static void begin() noexcept { ++number_; }
  static std::uint32_t current() noexcept { return number_; }

 private:
  // Not 0, which stands for "nothing written yet".
  static inline thread_local constinit std::uint32_t number_ = 1;
};

}  // namespace naru::net
