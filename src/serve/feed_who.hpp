// Who follows a channel: GET …?who.
#pragma once

#include "serve/feed_answer.hpp"

namespace naru::serve {

// REQUIRES: the feed has presence, the request names one channel.
void answer_who(FeedAnswer& answer, const FeedEntry& entry);

}  // namespace naru::serve
