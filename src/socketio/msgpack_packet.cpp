#include "socketio/msgpack_packet.hpp"

#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "socketio/decoder.hpp"
#include "socketio/msgpack_reader.hpp"
#include "socketio/reserved.hpp"

namespace naru::socketio {
namespace {

using Kind = MsgpackToken::Kind;

// JavaScript has one kind of number: 2.0 is as good as 2.
std::optional<std::uint64_t> natural_of(const MsgpackToken& token) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (token.kind == Kind::natural) return token.natural;
  if (token.kind == Kind::integer && token.integer >= 0) return static_cast<std::uint64_t>(token.integer);
  if (token.kind != Kind::real || std::trunc(token.real) != token.real) return std::nullopt;
  if (token.real < 0 || token.real >= kTwoTo64) return std::nullopt;
  return static_cast<std::uint64_t>(token.real);
}

class PacketReader {
 public:
  PacketReader(std::string_view message, MsgpackSpace& space) : tokens_(message), space_(space) {}

  // A sentence when something is wrong.
  std::string_view read() {
    if (std::string_view error = read_members(); !error.empty()) return error;
    if (!tokens_.at_end()) return describe(MsgpackError::trailing_bytes);
    return check();
  }

  void fill(IncomingPacket& packet) const {
    const std::vector<Bytes>& parts = parts_ ? *parts_ : kNone;
    packet.kind = static_cast<PacketKind>(*type_);
    packet.nsp = nsp_;
    packet.id = id_;
    if (packet.kind == PacketKind::connect) packet.auth = {space_.text, parts};
    if (data_ == Kind::array) packet.arguments = ArgsView(space_.elements, parts);
  }
  std::shared_ptr<const void> storage() { return std::move(parts_); }

 private:
  static inline const std::vector<Bytes> kNone;

  std::string_view read_members() {
    MsgpackToken token;
    if (MsgpackError error = tokens_.next(token); error != MsgpackError::none) return describe(error);
    if (token.kind != Kind::map) return "the packet is no map";
    for (std::uint64_t left = token.natural; left > 0; --left) {
      MsgpackToken key;
      if (MsgpackError error = tokens_.next(key); error != MsgpackError::none) return describe(error);
      if (key.kind != Kind::text) return "the packet has a key that is no text";
      if (MsgpackError error = tokens_.next(token); error != MsgpackError::none) return describe(error);
      if (std::string_view error = read_member(key.bytes, token); !error.empty()) return error;
    }
    return {};
  }

  // The last one of equal keys counts, as in JavaScript.
  std::string_view read_member(std::string_view key, const MsgpackToken& token) {
    if (key == "data") return read_data(token);
    if (key == "type") {
      type_ = natural_of(token);
    } else if (key == "nsp") {
      has_name_ = token.kind == Kind::text;
      nsp_ = token.bytes;
    } else if (key == "id") {
      id_ = natural_of(token);
      has_bad_id_ = !id_ && token.kind != Kind::undefined;
    }
    MsgpackError error = skip_value(tokens_, token);
    return error == MsgpackError::none ? std::string_view() : describe(error);
  }

  std::string_view read_data(const MsgpackToken& token) {
    space_.clear();
    parts_ = nullptr;
    std::vector<Bytes> parts;
    data_ = token.kind;
    if (data_ == Kind::undefined) return {};
    MsgpackReader reader(tokens_, space_.text, parts);
    if (MsgpackError error = reader.append_value(token, space_.starts); error != MsgpackError::none)
      return describe(error);
    if (!parts.empty()) parts_ = std::make_shared<std::vector<Bytes>>(std::move(parts));
    return {};
  }

  std::string_view check() {
    if (!type_ || *type_ > static_cast<unsigned>(PacketKind::connect_error))
      return describe(DecodeError::unknown_type);
    if (!has_name_ || !base::is_valid_utf8(nsp_)) return describe(DecodeError::bad_namespace);
    if (nsp_.size() > kMaxNamespaceName) return describe(DecodeError::namespace_too_long);
    if (has_bad_id_) return describe(DecodeError::bad_ack_id);
    switch (static_cast<PacketKind>(*type_)) {
      case PacketKind::connect:
        return data_ == Kind::undefined || data_ == Kind::map ? "" : describe(DecodeError::bad_payload);
      case PacketKind::disconnect:
        return data_ == Kind::undefined ? "" : describe(DecodeError::bad_payload);
      case PacketKind::connect_error:
        return describe(DecodeError::connect_error_from_client);
      case PacketKind::event:
      case PacketKind::ack:
        return check_list();
    }
    return {};
  }

  std::string_view check_list() {
    if (data_ != Kind::array) return describe(DecodeError::bad_payload);
    slice_elements();
    if (*type_ == static_cast<unsigned>(PacketKind::ack))
      return id_ ? std::string_view() : describe(DecodeError::missing_ack_id);
    if (space_.elements.empty()) return describe(DecodeError::bad_payload);
    const base::JsonKind kind = base::json_kind(space_.elements[0]);
    if (kind == base::JsonKind::number) return {};
    if (kind != base::JsonKind::string) return describe(DecodeError::bad_payload);
    std::string decoded;
    const std::string_view name = event_name(space_.elements[0], decoded);
    return is_reserved_event(name) ? describe(DecodeError::reserved_event) : std::string_view();
  }

  // Not before the text has come to rest. Behind each element stands a comma or the closing bracket.
  void slice_elements() {
    const std::string_view text = space_.text;
    for (std::size_t i = 0; i < space_.starts.size(); ++i) {
      const std::size_t begin = space_.starts[i];
      const std::size_t next = i + 1 < space_.starts.size() ? space_.starts[i + 1] : text.size();
      space_.elements.push_back(text.substr(begin, next - 1 - begin));
    }
  }

  MsgpackTokens tokens_;
  MsgpackSpace& space_;
  std::optional<std::uint64_t> type_;
  std::optional<std::uint64_t> id_;
  std::string_view nsp_;
  Kind data_ = Kind::undefined;
  bool has_name_ = false;
  bool has_bad_id_ = false;
  std::shared_ptr<std::vector<Bytes>> parts_;
};

}  // namespace

void MsgpackSpace::clear() {
  // Larger ones are rare; keeping them would make every loop's space as large as the largest message.
  constexpr std::size_t kKeptText = std::size_t{64} * 1024;
  constexpr std::size_t kKeptElements = 256;
  text.clear();
  starts.clear();
  elements.clear();
  if (text.capacity() > kKeptText) text.shrink_to_fit();
  if (starts.capacity() > kKeptElements) starts = std::vector<std::size_t>();
  if (elements.capacity() > kKeptElements) elements = std::vector<std::string_view>();
}

Decoding decode_msgpack(std::string_view message, MsgpackSpace& space) {
  space.clear();
  PacketReader reader(message, space);
  Decoding decoding;  // filled in place: each message pays for what is copied here
  if (std::string_view error = reader.read(); !error.empty()) {
    decoding.status = Decoding::Status::error;
    decoding.error = error;
  } else {
    decoding.status = Decoding::Status::packet;
    reader.fill(decoding.packet);
    decoding.storage = reader.storage();
  }
  return decoding;
}

bool encode_msgpack(const OutgoingPacket& packet, MsgpackWriter& writer) {
  const bool is_list = packet.kind == PacketKind::event || packet.kind == PacketKind::ack;
  const bool has_data = packet.kind != PacketKind::disconnect;
  const bool is_answer = packet.kind == PacketKind::ack;
  auto write_id = [&] {
    writer.text("id");
    writer.number(*packet.id);
  };
  writer.map(std::size_t{2} + (has_data ? 1 : 0) + (packet.id ? 1 : 0));
  if (packet.id && is_answer) write_id();
  writer.text("type");
  writer.number(static_cast<std::uint64_t>(packet.kind));
  if (has_data) {
    writer.text("data");
    if (!(is_list ? writer.list(packet.data) : writer.value(packet.data))) return false;
  }
  if (packet.id && !is_answer) write_id();
  writer.text("nsp");
  writer.text(packet.nsp);
  return true;
}

}  // namespace naru::socketio
