#include "ws/incoming_message.hpp"

#include <limits>

namespace naru::ws {
namespace {

constexpr Breach kTooLarge{CloseCode::too_big, "message over the limit max_message"};
constexpr Breach kNotUtf8{CloseCode::invalid_payload, "text that is not UTF-8"};

// DEFLATE makes what it cannot shrink longer by at most so much (zlib's deflateBound, and 64 bytes for an
// empty message): more bytes than this stand for nothing that fits into max_message.
std::size_t most_compressed(std::size_t max_message) noexcept {
  const std::size_t room = std::numeric_limits<std::size_t>::max() - max_message;
  const std::size_t growth = max_message / 8 + max_message / 64 + 64;
  return growth > room ? std::numeric_limits<std::size_t>::max() : max_message + growth;
}

}  // namespace

IncomingMessage::IncomingMessage(Opcode opcode, Inflater* inflater, std::size_t max_message) noexcept
    : max_message_(max_message), inflater_(inflater), is_binary_(opcode == Opcode::binary) {}

IncomingMessage::~IncomingMessage() {
  if (inflater_ != nullptr) inflater_->abandon();
}

std::optional<Breach> IncomingMessage::expect(std::uint64_t payload_size) const noexcept {
  const std::size_t most = inflater_ == nullptr ? max_message_ : most_compressed(max_message_);
  if (payload_size > most - received_) return kTooLarge;
  return std::nullopt;
}

std::optional<Breach> IncomingMessage::append(std::string_view piece) {
  received_ += piece.size();
  if (inflater_ == nullptr) return append_plain(piece);
  const std::size_t checked = bytes_.size();
  return check_inflated(inflater_->feed(piece, bytes_, max_message_), checked);
}

std::optional<Breach> IncomingMessage::append_plain(std::string_view piece) {
  if (!is_binary_ && !utf8_.feed(piece)) return kNotUtf8;
  bytes_.append(piece);
  return std::nullopt;
}

std::optional<Breach> IncomingMessage::check_inflated(InflateStatus status, std::size_t checked) {
  if (!is_binary_ && !utf8_.feed(bytes().substr(checked))) return kNotUtf8;
  switch (status) {
    case InflateStatus::ok:
      return std::nullopt;
    case InflateStatus::too_large:
      return kTooLarge;
    case InflateStatus::broken:
      return Breach{CloseCode::invalid_payload, "compressed data that is broken"};
  }
  return std::nullopt;
}

std::optional<Breach> IncomingMessage::finish() {
  if (inflater_ != nullptr) {
    const std::size_t checked = bytes_.size();
    if (auto breach = check_inflated(inflater_->finish(bytes_, max_message_), checked)) return breach;
  }
  if (is_binary_ || utf8_.finish()) return std::nullopt;
  return Breach{CloseCode::invalid_payload, "text that ends inside a character"};
}

}  // namespace naru::ws
