// What arrives, told to a reader's events: pages, and the objects of all that is streamed.
#pragma once

#include <string_view>

#include "naru/client/channel_reader.hpp"
#include "naru/client/http_client.hpp"

namespace apps {

// What an arrival says about going on.
enum class Onward {
  more,
  enough,  // the events want no more
  ended,   // the server ends the stream; come back
  broken,  // this is no answer of a channel
};

// One line, event or frame: a message or a notice.
Onward take_object(std::string_view json, ReaderEvents& events);
// A whole page; `has_more` says whether there is another behind it.
Onward take_page(std::string_view json, ReaderEvents& events, bool& has_more);
// A gap or an end of Socket.IO, the answer to follow: they have a notice's members without its name.
void take_recovery(std::string_view json, ReaderEvents& events);

// Why a request that was not answered with a whole 200 or 304 ended; `body` is what came of it. An answer
// that was cut off is worth another try, whatever its status.
Ending ending_of(const HttpAnswer& answer, std::string_view body);
// The sentence in {"error": …}; empty when there is none.
std::string error_in(std::string_view json);

}  // namespace apps
