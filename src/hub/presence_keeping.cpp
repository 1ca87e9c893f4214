#include "hub/presence_keeping.hpp"

#include <algorithm>

#include "channel/channel_name.hpp"

namespace naru::hub {

store::LogOptions kept_as(std::string_view name, store::LogOptions options) {
  if (!channel::presence_subject(name)) return options;
  options.durability = store::Durability::memory;
  options.tail.age = std::min(options.tail.age, kPresenceAge);
  return options;
}

}  // namespace naru::hub
