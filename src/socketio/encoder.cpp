#include "socketio/encoder.hpp"

#include <charconv>

#include "base/json_text.hpp"
#include "socketio/packet.hpp"

namespace naru::socketio {
namespace {

void append_number(base::FrameBuilder& out, std::uint64_t number) {
  char digits[20];
  auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out.append(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

// What stands before the payload: type, attachments, namespace.
void append_head(base::FrameBuilder& out, PacketType type, std::string_view nsp,
                 std::size_t attachments = 0) {
  out.append(static_cast<char>('0' + static_cast<int>(type)));
  if (attachments > 0) {
    append_number(out, attachments);
    out.append('-');
  }
  if (nsp == "/" || nsp.empty()) return;
  out.append(nsp);
  out.append(',');
}

void append_list(base::FrameBuilder& out, std::string_view arguments) {
  out.append('[');
  out.append(arguments);
  out.append(']');
}

}  // namespace

void encode_event(base::FrameBuilder& out, std::string_view nsp, std::optional<std::uint64_t> id,
                  std::string_view arguments, std::size_t attachments) {
  append_head(out, attachments > 0 ? PacketType::binary_event : PacketType::event, nsp, attachments);
  if (id) append_number(out, *id);
  append_list(out, arguments);
}

void encode_ack(base::FrameBuilder& out, std::string_view nsp, std::uint64_t id, std::string_view arguments,
                std::size_t attachments) {
  append_head(out, attachments > 0 ? PacketType::binary_ack : PacketType::ack, nsp, attachments);
  append_number(out, id);
  append_list(out, arguments);
}

void encode_connect(base::FrameBuilder& out, std::string_view nsp, std::string_view sid,
                    std::optional<std::string_view> pid) {
  append_head(out, PacketType::connect, nsp);
  out.append("{\"sid\":");
  base::append_json_string(out, sid);
  if (pid) {
    out.append(",\"pid\":");
    base::append_json_string(out, *pid);
  }
  out.append('}');
}

void encode_connect_error(base::FrameBuilder& out, std::string_view nsp, std::string_view message,
                          std::optional<std::string_view> data) {
  append_head(out, PacketType::connect_error, nsp);
  out.append("{\"message\":");
  base::append_json_string(out, message);
  if (data) {
    out.append(",\"data\":");
    out.append(*data);
  }
  out.append('}');
}

void encode_disconnect(base::FrameBuilder& out, std::string_view nsp) {
  append_head(out, PacketType::disconnect, nsp);
}

}  // namespace naru::socketio
