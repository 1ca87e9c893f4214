#include "app/parcels.hpp"

#include <algorithm>
#include <utility>

#include "app/namespace_core.hpp"
#include "app/user_code.hpp"
#include "base/frame.hpp"
#include "ws/frame_header.hpp"

namespace naru::app {
namespace {

constexpr std::size_t kHeadroom = ws::kMaxFrameHeader + 1;  // and the Engine.IO packet's digit

hub::Part part_of(std::initializer_list<std::string_view> pieces, bool binary) {
  std::size_t size = 0;
  for (std::string_view piece : pieces)
    size += piece.size();
  base::FrameBuilder builder(kHeadroom, size);
  char* place = builder.grow(size);
  for (std::string_view piece : pieces)
    place = std::copy(piece.begin(), piece.end(), place);
  if (!binary) builder.prepend("4");
  char header[ws::kMaxFrameHeader];
  const std::size_t lead = ws::write_frame_header(
      header + sizeof header, binary ? ws::Opcode::binary : ws::Opcode::text, builder.size());
  builder.prepend(std::string_view(header + sizeof header - lead, lead));
  return {.frame = std::move(builder).take(), .lead = static_cast<std::uint8_t>(lead), .binary = binary};
}

class ParcelSink final : public MessageSink {
 public:
  ParcelSink(hub::Parcel& parcel, std::size_t attachments) : parcel_(parcel), attachments_(attachments) {}
  void text(std::initializer_list<std::string_view> pieces) override { take(part_of(pieces, false)); }
  void binary(std::initializer_list<std::string_view> pieces) override { take(part_of(pieces, true)); }

 private:
  void take(hub::Part part) {
    if (parcel_.empty()) {
      parcel_.head = std::move(part);
      return;
    }
    if (parcel_.more.empty()) parcel_.more.reserve(attachments_);
    parcel_.more.push_back(std::move(part));
  }

  hub::Parcel& parcel_;
  const std::size_t attachments_;
};

// A packet that its parser does not write goes nowhere, and not by halves either.
hub::SharedParcel parcel_of(const Parser& parser, const OutgoingPacket& packet, EmitFlags flags = {}) {
  auto parcel = std::make_shared<hub::Parcel>();
  parcel->is_volatile = flags.is_volatile;
  parcel->compress = flags.compress;
  bool is_written = false;
  guard_user_code("socketio", "the parser", [&] {
    ParcelSink sink(*parcel, packet.data.attachments.size());
    parser.encode(packet, sink);
    is_written = true;
  });
  if (!is_written) *parcel = {};
  return parcel;
}

const Parser& parser_of(const NamespaceCore& nsp) {
  return *nsp.options().parser;
}

}  // namespace

hub::Part message_part(std::string_view data, bool binary) {
  return part_of({data}, binary);
}

hub::SharedParcel event_parcel(const NamespaceCore& nsp, std::optional<std::uint64_t> id,
                               const Emission& emission, EmitFlags flags) {
  return event_parcel(parser_of(nsp), nsp.name(), id, emission, flags);
}

hub::SharedParcel event_parcel(const Parser& parser, std::string_view nsp, std::optional<std::uint64_t> id,
                               const Emission& emission, EmitFlags flags) {
  const OutgoingPacket packet{
      .kind = PacketKind::event, .nsp = nsp, .id = id, .data = {emission.text, emission.attachments}};
  return parcel_of(parser, packet, flags);
}

hub::SharedParcel ack_parcel(const NamespaceCore& nsp, std::uint64_t id, const Emission& emission) {
  const OutgoingPacket packet{
      .kind = PacketKind::ack, .nsp = nsp.name(), .id = id, .data = {emission.text, emission.attachments}};
  return parcel_of(parser_of(nsp), packet);
}

hub::SharedParcel connect_parcel(const NamespaceCore& nsp, std::string_view sid,
                                 std::optional<std::string_view> pid) {
  RawJson ids;
  ArgumentWriter writer(ids.text, ids.attachments);
  writer.begin_object();
  writer.member("sid", sid);
  if (pid) writer.member("pid", *pid);
  writer.end_object();
  return parcel_of(parser_of(nsp), {.kind = PacketKind::connect, .nsp = nsp.name(), .data = {ids.text}});
}

hub::SharedParcel connect_error_parcel(const Parser& parser, std::string_view nsp, std::string_view message,
                                       std::optional<std::string_view> data) {
  RawJson error;
  ArgumentWriter writer(error.text, error.attachments);
  writer.begin_object();
  writer.member("message", message);
  if (data) writer.member("data", RawJsonView{*data});
  writer.end_object();
  return parcel_of(parser, {.kind = PacketKind::connect_error, .nsp = nsp, .data = {error.text}});
}

hub::SharedParcel disconnect_parcel(const NamespaceCore& nsp) {
  return parcel_of(parser_of(nsp), {.kind = PacketKind::disconnect, .nsp = nsp.name()});
}

}  // namespace naru::app
