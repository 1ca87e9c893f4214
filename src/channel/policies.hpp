// What happens to a follower that reads more slowly than the channel grows. Declared per channel.
#pragma once

#include <cstdint>

namespace naru::channel {

enum class SlowFollower : std::uint8_t {
  resume,  // it waits at its position and goes on when it drains; what left the log meanwhile is a gap notice
  drop_oldest,  // it jumps forward to what is newest, with a gap notice
  latest,       // only the newest message of each key, at most N a second
  disconnect,   // it is closed with the position to come back with
};

}  // namespace naru::channel
