// Server-sent events: what EventSource reads. Its `id` is the position, so that it comes back where it was.
//
//   curl -N -H 'Accept: text/event-stream' localhost:3000/channels/news
//   retry: 2000
//   id: eQUJDREVGR0hJSktM.41
//
//   id: eQUJDREVGR0hJSktM.42
//   event: goal
//   data: {"position":"eQUJDREVGR0hJSktM.42","event":"goal","data":{"n":1}}
#pragma once

#include "serve/feed_wording.hpp"

namespace naru::serve {

const FeedWording& feed_sse();

}  // namespace naru::serve
