// Where a user's code is called: what it throws, of whatever type, ends here as a log line. On a loop, a
// worker or the writer's thread it would end the program.
//
//   guard_user_code("websocket", "a handler", [&] { handler(socket); });
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "naru/function.hpp"
#include "naru/log.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {

// What was thrown, in words.
inline std::string describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

// `who` begins the line: "a gate" makes "a gate threw: …".
template <class Run>
void guard_user_code(std::string_view component, std::string_view who, Run&& run) {
  try {
    std::forward<Run>(run)();
  } catch (...) {
    serve::log_peer(Level::error, component,
                    std::string(who) + " threw: " + describe(std::current_exception()));
  }
}

// A user's callback that is handed to a place which knows nothing of users. Both texts are literals.
template <class... Arguments>
Function<void(Arguments...)> guarded_callback(std::string_view component, std::string_view who,
                                              Function<void(Arguments...)> callback) {
  if (!callback) return {};
  return [component, who, callback = std::move(callback)](Arguments... arguments) {
    guard_user_code(component, who, [&] { callback(std::forward<Arguments>(arguments)...); });
  };
}

}  // namespace naru::app
