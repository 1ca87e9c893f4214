// A publication as each door of a feed sends it: made once, kept in the publication's forms, shared by every
// connection of every loop.
//
//   exchange.write(sse_form(*publication));
//   exchange.write(sse_block(*publication, {.channel = name, .position = positions.text()}));
//
// With several channels in a connection the position is the connection's own: then nothing can be shared and
// the second kind of functions makes the frame. Any thread.
#pragma once

#include "base/frame.hpp"
#include "channel/forms.hpp"
#include "channel/message.hpp"
#include "channel/message_text.hpp"

namespace naru::serve {

base::Frame line_form(const channel::Publication& publication);       // NDJSON: the object and "\n"
base::Frame sse_form(const channel::Publication& publication);        // the whole block
base::Frame websocket_form(const channel::Publication& publication);  // the whole text frame with its header

base::Frame line_block(const channel::Publication& publication, const channel::MessageLabel& label);
base::Frame sse_block(const channel::Publication& publication, const channel::MessageLabel& label);
base::Frame websocket_block(const channel::Publication& publication, const channel::MessageLabel& label);

}  // namespace naru::serve
