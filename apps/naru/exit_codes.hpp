// How naru's commands end. docs/OPERATIONS.md says the same.
#pragma once

namespace apps {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;         // the address is taken, the server cannot be reached, …
inline constexpr int kWronglyCalled = 2;  // the command line, the environment or the file is wrong
inline constexpr int kRefused = 3;        // the server answered that this may not be

// Ends a command with one of them; what there is to say was said.
struct Exit {
  int code = kFailed;
};

}  // namespace apps
