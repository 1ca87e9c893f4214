#include "serve/feed_forms.hpp"

#include <string>

#include "sse/event_writer.hpp"
#include "ws/frame_header.hpp"

namespace naru::serve {

using channel::Form;
using channel::MessageLabel;
using channel::Publication;

namespace {

// What an EventSource says of itself, and what our notices are: a publisher must not be able to say it for
// us.
bool is_reserved(std::string_view event) noexcept {
  return event == "gap" || event == "end" || event == "open" || event == "error";
}

}  // namespace

base::Frame line_form(const Publication& publication) {
  return channel::line_of(publication);
}
base::Frame sse_form(const Publication& publication) {
  return publication.forms.get(Form::sse, [&] { return sse_block(publication, {}); });
}
base::Frame websocket_form(const Publication& publication) {
  return publication.forms.get(Form::websocket, [&] { return websocket_block(publication, {}); });
}

base::Frame line_block(const Publication& publication, const MessageLabel& label) {
  std::string text;
  channel::append_message(text, publication, label);
  text += '\n';
  return base::Frame::copy(text);
}

base::Frame sse_block(const Publication& publication, const MessageLabel& label) {
  const std::string own = label.position.empty() ? publication.position.text() : std::string();
  const std::string_view id = label.position.empty() ? std::string_view(own) : label.position;
  std::string data;
  channel::append_message(data, publication, {.channel = label.channel, .position = id});
  std::string text;
  text.reserve(data.size() + id.size() + publication.message.event.size() + 32);
  const std::string_view event = publication.message.event;
  sse::append_event(text, {.id = id, .event = is_reserved(event) ? std::string_view() : event, .data = data});
  return base::Frame::copy(text);
}

base::Frame websocket_block(const Publication& publication, const MessageLabel& label) {
  std::string text;
  channel::append_message(text, publication, label);
  return ws::encode_frame(ws::Opcode::text, text);
}

}  // namespace naru::serve
