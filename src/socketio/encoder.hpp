// Socket.IO packets -> the text of Engine.IO messages. Attachments follow as binary messages, in their order.
//
//   base::FrameBuilder out(kHeadroom);                      // room for what transports write in front
//   encode_event(out, "/chat", {}, R"("said","hello")");    // 2/chat,["said","hello"]
//   encode_ack(out, "/", 13, R"("ok")");                    // 313["ok"]
//
// `arguments` is what encode_arguments wrote: validated JSON values with commas between, the event's name
// first; the caller has made sure that the name is not reserved. REQUIRES: no namespace with a comma;
// `attachments` as many as the placeholders need. Functions of their arguments: no state, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/frame.hpp"

namespace naru::socketio {

void encode_event(base::FrameBuilder& out, std::string_view nsp, std::optional<std::uint64_t> id,
                  std::string_view arguments, std::size_t attachments = 0);
void encode_ack(base::FrameBuilder& out, std::string_view nsp, std::uint64_t id, std::string_view arguments,
                std::size_t attachments = 0);

// The answer to a CONNECT: the socket's id, and with recovery the private id that restores it.
void encode_connect(base::FrameBuilder& out, std::string_view nsp, std::string_view sid,
                    std::optional<std::string_view> pid = {});
// `message` is plain text; `data`, when there is some, one JSON value.
void encode_connect_error(base::FrameBuilder& out, std::string_view nsp, std::string_view message,
                          std::optional<std::string_view> data = {});
void encode_disconnect(base::FrameBuilder& out, std::string_view nsp);

}  // namespace naru::socketio
