// Of a run of messages the newest of each key, in the channel's order. Messages without a key are one key.
//
//   keep_newest_of_each_key(messages);
//
// Plain data.
#pragma once

#include <vector>

#include "channel/message.hpp"

namespace naru::hub {

void keep_newest_of_each_key(std::vector<channel::PublicationRef>& messages);

}  // namespace naru::hub
