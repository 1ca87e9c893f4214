#include "socketio/decoder.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "socketio/reserved.hpp"

namespace naru::socketio {

struct PendingPacket {
  explicit PendingPacket(std::string_view message) : text(message) {}
  std::string text;
  base::JsonOutline outline;
  Packet packet;
  std::size_t expected = 0;
  std::vector<Bytes> attachments;
  std::size_t bytes = 0;
};

void DeletePending::operator()(PendingPacket* pending) const noexcept {
  delete pending;
}

namespace {

// One packet's text, read from the front: each step takes its part away.
class Reader {
 public:
  Reader(std::string_view text, const DecoderOptions& options) : rest_(text), options_(options) {}

  DecodeError read(Packet& packet, base::JsonOutline& outline, std::size_t& attachments) {
    using Step = DecodeError;
    if (Step step = read_type(packet); step != DecodeError::none) return step;
    if (Step step = read_attachments(packet, attachments); step != DecodeError::none) return step;
    if (Step step = read_namespace(packet); step != DecodeError::none) return step;
    if (Step step = read_id(packet); step != DecodeError::none) return step;
    return read_payload(packet, outline, attachments);
  }

 private:
  DecodeError read_type(Packet& packet) {
    if (rest_.empty()) return DecodeError::empty_packet;
    if (rest_.front() < '0' || rest_.front() > '6') return DecodeError::unknown_type;
    packet.type = static_cast<PacketType>(rest_.front() - '0');
    rest_.remove_prefix(1);
    return packet.type == PacketType::connect_error ? DecodeError::connect_error_from_client
                                                    : DecodeError::none;
  }

  DecodeError read_attachments(const Packet& packet, std::size_t& attachments) {
    if (packet.type != PacketType::binary_event && packet.type != PacketType::binary_ack)
      return DecodeError::none;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), attachments);
    auto digits = static_cast<std::size_t>(end - rest_.data());
    if (digits == 0 || digits == rest_.size() || *end != '-') return DecodeError::bad_attachment_count;
    if (error == std::errc::result_out_of_range) return DecodeError::too_many_attachments;
    rest_.remove_prefix(digits + 1);
    // A count of 0 would never be completed (socket.io-parser 4.2.7 refuses it as well).
    if (attachments == 0) return DecodeError::bad_attachment_count;
    return attachments > options_.max_attachments ? DecodeError::too_many_attachments : DecodeError::none;
  }

  // The comma may be missing when nothing follows.
  DecodeError read_namespace(Packet& packet) {
    if (rest_.empty() || rest_.front() != '/') return DecodeError::none;
    packet.nsp = rest_.substr(0, rest_.find(','));
    rest_.remove_prefix(std::min(rest_.size(), packet.nsp.size() + 1));
    if (packet.nsp.size() > kMaxNamespaceName) return DecodeError::namespace_too_long;
    return base::is_valid_utf8(packet.nsp) ? DecodeError::none : DecodeError::bad_namespace;
  }

  DecodeError read_id(Packet& packet) {
    if (!packet.is_event() && !packet.is_ack()) return DecodeError::none;
    std::uint64_t id = 0;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), id);
    if (error == std::errc::result_out_of_range) return DecodeError::bad_ack_id;
    if (error != std::errc()) return packet.is_ack() ? DecodeError::missing_ack_id : DecodeError::none;
    packet.id = id;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return DecodeError::none;
  }

  DecodeError read_payload(Packet& packet, base::JsonOutline& outline, std::size_t attachments) {
    if (packet.type == PacketType::disconnect)
      return rest_.empty() ? DecodeError::none : DecodeError::bad_payload;
    if (packet.type == PacketType::connect && rest_.empty()) return DecodeError::none;
    if (rest_.empty()) return DecodeError::bad_payload;
    if (base::scan_json(rest_, outline)) return DecodeError::bad_json;
    packet.payload = without_blanks(rest_);
    if (packet.type == PacketType::connect) {
      return outline.kind == base::JsonKind::object ? DecodeError::none : DecodeError::bad_payload;
    }
    if (outline.kind != base::JsonKind::array) return DecodeError::bad_payload;
    packet.elements = outline.elements;
    if (packet.is_event()) {
      if (DecodeError error = check_name(packet.elements); error != DecodeError::none) return error;
    }
    return attachments > 0 ? check_placeholders(outline, attachments) : DecodeError::none;
  }

  static std::string_view without_blanks(std::string_view json) {
    constexpr std::string_view kBlanks = " \t\r\n";
    std::size_t first = json.find_first_not_of(kBlanks);
    return json.substr(first, json.find_last_not_of(kBlanks) - first + 1);
  }

  static DecodeError check_name(std::span<const std::string_view> elements) {
    if (elements.empty()) return DecodeError::bad_payload;
    auto kind = base::json_kind(elements[0]);
    if (kind == base::JsonKind::number) return DecodeError::none;
    if (kind != base::JsonKind::string) return DecodeError::bad_payload;
    std::string space;
    return is_reserved_event(event_name(elements[0], space)) ? DecodeError::reserved_event
                                                             : DecodeError::none;
  }

  static DecodeError check_placeholders(const base::JsonOutline& outline, std::size_t attachments) {
    auto good = [&](const base::JsonPlaceholder& each) { return each.num && *each.num < attachments; };
    return std::all_of(outline.placeholders.begin(), outline.placeholders.end(), good)
               ? DecodeError::none
               : DecodeError::bad_placeholder;
  }

  std::string_view rest_;
  const DecoderOptions& options_;
};

bool announces_binary(std::string_view message) {
  return !message.empty() && (message.front() == '5' || message.front() == '6');
}

}  // namespace

Decoded Decoder::feed_text(std::string_view message, DecoderSpace& space) {
  if (failure_ != DecodeError::none) return fail(failure_);
  if (pending_ != nullptr) return fail(DecodeError::text_instead_of_binary);
  if (announces_binary(message)) return hold(message);
  Decoded decoded;
  std::size_t attachments = 0;
  DecodeError error = Reader(message, options_).read(decoded.packet, space.outline, attachments);
  if (error != DecodeError::none) return fail(error);
  decoded.status = DecodeStatus::packet;
  return decoded;
}

// The text is checked now, so that a bad one fails before its attachments come, and on our copy, so that the
// slices stay good until they have.
Decoded Decoder::hold(std::string_view message) {
  if (message.size() > options_.max_pending_bytes) return fail(DecodeError::too_many_bytes);
  PendingPointer pending(new PendingPacket(message));
  DecodeError error =
      Reader(pending->text, options_).read(pending->packet, pending->outline, pending->expected);
  if (error != DecodeError::none) return fail(error);
  pending->bytes = message.size();
  pending_ = std::move(pending);
  return {};
}

Decoded Decoder::feed_binary(std::string_view message) {
  if (failure_ != DecodeError::none) return fail(failure_);
  if (pending_ == nullptr) return fail(DecodeError::unexpected_binary);
  if (message.size() > options_.max_pending_bytes - pending_->bytes) return fail(DecodeError::too_many_bytes);
  pending_->bytes += message.size();
  pending_->attachments.push_back(Bytes::copy(message));
  if (pending_->attachments.size() < pending_->expected) return {};
  Decoded decoded{.status = DecodeStatus::packet, .packet = pending_->packet, .storage = std::move(pending_)};
  decoded.packet.attachments = decoded.storage->attachments;
  return decoded;
}

std::size_t Decoder::pending_bytes() const noexcept {
  return pending_ == nullptr ? 0 : pending_->bytes;
}

Decoded Decoder::fail(DecodeError error) noexcept {
  failure_ = error;
  pending_.reset();
  return {.status = DecodeStatus::error, .error = error};
}

std::string_view describe(DecodeError error) noexcept {
  switch (error) {
    case DecodeError::none:
      return "no error";
    case DecodeError::empty_packet:
      return "the packet is empty";
    case DecodeError::unknown_type:
      return "unknown packet type";
    case DecodeError::connect_error_from_client:
      return "only a server may send CONNECT_ERROR";
    case DecodeError::bad_attachment_count:
      return "the number of attachments is not a number from 1 on and a dash";
    case DecodeError::too_many_attachments:
      return "more attachments than max_attachments allows";
    case DecodeError::bad_namespace:
      return "the namespace is not valid UTF-8";
    case DecodeError::namespace_too_long:
      return "the namespace is longer than 512 bytes";
    case DecodeError::bad_ack_id:
      return "the ack id is too large";
    case DecodeError::missing_ack_id:
      return "an ACK without ack id";
    case DecodeError::bad_json:
      return "the payload is not valid JSON, or too deep";
    case DecodeError::bad_payload:
      return "the payload does not fit the packet type";
    case DecodeError::reserved_event:
      return "the event name is reserved";
    case DecodeError::bad_placeholder:
      return "a placeholder refers to no attachment";
    case DecodeError::text_instead_of_binary:
      return "a text packet came where an attachment was due";
    case DecodeError::unexpected_binary:
      return "a binary message came where none was due";
    case DecodeError::too_many_bytes:
      return "the packet's attachments are larger than max_pending_bytes allows";
  }
  return "unknown error";
}

}  // namespace naru::socketio
