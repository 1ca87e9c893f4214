// Streams of lines: NDJSON, one object a line, and plain text, the data alone.
//
//   curl -N -H 'Accept: application/x-ndjson' localhost:3000/channels/news
//   {"notice":"start","position":"eQUJDREVGR0hJSktM.41","recovered":true,"missing":0}
//   {"position":"eQUJDREVGR0hJSktM.42","event":"goal","data":{"n":1}}
#pragma once

#include "serve/feed_wording.hpp"

namespace naru::serve {

const FeedWording& feed_ndjson();
const FeedWording& feed_lines();

}  // namespace naru::serve
