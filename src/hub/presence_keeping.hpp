// How the streams NAME@presence are kept, whatever NAME is kept in: in memory, and not for long.
//
//   store::LogOptions options = kept_as(name, options_of_the_prefix);
#pragma once

#include <string_view>

#include "store/log_options.hpp"

namespace naru::hub {

// A change of presence says nothing once its process is gone: after a restart nobody is there, the stream's
// epoch is new, and whoever comes back is told so. In memory it is also numbered during the call that
// publishes it. Old changes go after two minutes (a follower that is away for longer asks who is there
// anyway): peers choose names of channels, and the logs of those that all have left must make room.
inline constexpr base::Duration kPresenceAge = std::chrono::minutes(2);

// `options` unless the name is that of a presence stream.
store::LogOptions kept_as(std::string_view name, store::LogOptions options);

}  // namespace naru::hub
