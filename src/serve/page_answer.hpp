// How a page of messages is answered, whoever has gathered it: with an ETag that is its position, 304 where
// the client has it, and what caches may do with it (docs/protocol/channels.md, "Page and long poll").
#pragma once

#include "serve/feed_answer.hpp"
#include "serve/feed_request.hpp"
#include "serve/gathered_page.hpp"

namespace naru::serve {

// `request.channels` are the labels where it names several.
void answer_page(FeedAnswer& answer, const FeedSettings& settings, const FeedRequest& request,
                 const GatheredPage& page);

// "POS", in quotes: a position has no byte that a tag cannot have.
std::string etag_of(std::string_view position);

}  // namespace naru::serve
