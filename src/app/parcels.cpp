#include "app/parcels.hpp"

#include <utility>

#include "base/frame.hpp"
#include "socketio/encoder.hpp"
#include "ws/frame_header.hpp"

namespace naru::app {
namespace {

constexpr std::size_t kHeadroom = ws::kMaxFrameHeader + 1;  // and the Engine.IO packet's digit

base::FrameBuilder text_builder(std::size_t expected) {
  return base::FrameBuilder(kHeadroom, expected + 64);
}

hub::Part seal(base::FrameBuilder&& builder, bool binary) {
  if (!binary) builder.prepend("4");
  char header[ws::kMaxFrameHeader];
  const std::size_t size = ws::write_frame_header(
      header + sizeof header, binary ? ws::Opcode::binary : ws::Opcode::text, builder.size());
  builder.prepend(std::string_view(header + sizeof header - size, size));
  return {.frame = std::move(builder).take(), .lead = static_cast<std::uint8_t>(size), .binary = binary};
}

hub::SharedParcel parcel_of(base::FrameBuilder&& text, const std::vector<Bytes>& attachments = {},
                            EmitFlags flags = {}) {
  auto parcel = std::make_shared<hub::Parcel>();
  parcel->head = seal(std::move(text), false);
  parcel->is_volatile = flags.is_volatile;
  parcel->compress = flags.compress;
  parcel->more.reserve(attachments.size());
  for (const Bytes& bytes : attachments)
    parcel->more.push_back(message_part(bytes.view(), true));
  return parcel;
}

}  // namespace

hub::Part message_part(std::string_view data, bool binary) {
  base::FrameBuilder builder(kHeadroom, data.size());
  builder.append(data);
  return seal(std::move(builder), binary);
}

hub::SharedParcel event_parcel(std::string_view nsp, std::optional<std::uint64_t> id,
                               const Emission& emission, EmitFlags flags) {
  base::FrameBuilder text = text_builder(emission.text.size());
  socketio::encode_event(text, nsp, id, emission.text, emission.attachments.size());
  return parcel_of(std::move(text), emission.attachments, flags);
}

hub::SharedParcel ack_parcel(std::string_view nsp, std::uint64_t id, const Emission& emission) {
  base::FrameBuilder text = text_builder(emission.text.size());
  socketio::encode_ack(text, nsp, id, emission.text, emission.attachments.size());
  return parcel_of(std::move(text), emission.attachments);
}

hub::SharedParcel connect_parcel(std::string_view nsp, std::string_view sid) {
  base::FrameBuilder text = text_builder(64);
  socketio::encode_connect(text, nsp, sid);
  return parcel_of(std::move(text));
}

hub::SharedParcel connect_error_parcel(std::string_view nsp, std::string_view message,
                                       std::optional<std::string_view> data) {
  base::FrameBuilder text = text_builder(message.size());
  socketio::encode_connect_error(text, nsp, message, data);
  return parcel_of(std::move(text));
}

hub::SharedParcel disconnect_parcel(std::string_view nsp) {
  base::FrameBuilder text = text_builder(8);
  socketio::encode_disconnect(text, nsp);
  return parcel_of(std::move(text));
}

}  // namespace naru::app
