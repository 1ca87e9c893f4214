// Socket.IO packets -> Engine.IO messages, in the protocol's own form: text, and each binary part behind it
// as a binary message.
//
//   encode_json({.kind = PacketKind::event, .nsp = "/chat", .data = {R"("said","hello")"}}, sink);
//   // 2/chat,["said","hello"]
//
// The values in `data` are what encode_arguments wrote: the caller has made sure that an event's name is not
// reserved. REQUIRES: no namespace with a comma; as many attachments as the placeholders need. No state, any
// thread. Socket.IO protocol v5, "Packet encoding".
#pragma once

#include "naru/parser.hpp"

namespace naru::socketio {

void encode_json(const OutgoingPacket& packet, MessageSink& out);

}  // namespace naru::socketio
