// Who a request is in the presence of the channels that it follows.
//
//   PresenceTickets tickets = enter_presence(entry, connection_id);   // held while the stream, or the one
//   poll, is
//
// A follower is its identity, else its `client`, else its connection. Streams of presence have no presence.
#pragma once

#include <string_view>
#include <vector>

#include "hub/presence.hpp"
#include "serve/feed_application.hpp"

namespace naru::serve {

using PresenceTickets = std::vector<hub::PresenceTicket>;

// `connection`: the name of one that is held open and has no other; empty for polls, which are not seen then.
PresenceTickets enter_presence(const FeedEntry& entry, std::string_view connection);

}  // namespace naru::serve
