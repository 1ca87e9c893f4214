#include "naru/client/websocket_frames.hpp"

#include <utility>

namespace apps {
namespace {

constexpr unsigned kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;
constexpr std::size_t kMaxControl = 125;
constexpr std::size_t kTidyAt = 64 * 1024;  // used bytes are dropped in pieces of this

unsigned opcode_of(WebSocketFrame::Kind kind) {
  switch (kind) {
    case WebSocketFrame::Kind::text:
      return kText;
    case WebSocketFrame::Kind::binary:
      return kBinary;
    case WebSocketFrame::Kind::ping:
      return kPing;
    case WebSocketFrame::Kind::pong:
      return kPong;
    case WebSocketFrame::Kind::close:
      return kClose;
  }
  return kClose;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes)
    number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

}  // namespace

std::optional<WebSocketFrame> WebSocketFrames::next() {
  while (fault_.empty()) {
    const auto head = this->head();
    if (!head || bytes_.size() - at_ - head->size < head->length) return std::nullopt;
    auto frame = head->opcode >= kClose ? control(*head) : data(*head);
    if (frame) return frame;
  }
  return std::nullopt;
}

// 5.2, once it is all there.
std::optional<WebSocketFrames::Head> WebSocketFrames::head() {
  const std::string_view bytes = std::string_view(bytes_).substr(at_);
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  if ((first & 0x70) != 0) return break_off("a reserved bit is set");
  if ((second & 0x80) != 0) return break_off("a server's frame is masked");
  Head head{.is_final = (first & 0x80) != 0, .opcode = first & 0x0FU, .size = 2, .length = second & 0x7FU};
  const std::size_t more = head.length == 126 ? 2 : head.length == 127 ? 8 : 0;
  if (bytes.size() < 2 + more) return std::nullopt;
  if (more != 0) {
    const std::uint64_t length = big_endian(bytes.substr(2, more));
    if (length > longest_) return break_off("a message has more than " + std::to_string(longest_) + " bytes");
    head.length = static_cast<std::size_t>(length);
    head.size += more;
  }
  if (head.opcode >= kClose && (head.length > kMaxControl || !head.is_final)) {
    return break_off("a control frame is too long or in pieces");
  }
  return head;
}

std::optional<WebSocketFrame> WebSocketFrames::control(const Head& head) {
  if (head.opcode > kPong) return break_off("an unknown kind of frame");
  const auto kind = head.opcode == kPing   ? WebSocketFrame::Kind::ping
                    : head.opcode == kPong ? WebSocketFrame::Kind::pong
                                           : WebSocketFrame::Kind::close;
  return WebSocketFrame{kind, take(head)};
}

// Empty, too, when a message in pieces is not complete.
std::optional<WebSocketFrame> WebSocketFrames::data(const Head& head) {
  if (head.opcode > kBinary) return break_off("an unknown kind of frame");
  if ((head.opcode == kContinuation) != begun_.has_value())
    return break_off("pieces of messages in the wrong order");
  if (!begun_)
    begun_ =
        WebSocketFrame{head.opcode == kText ? WebSocketFrame::Kind::text : WebSocketFrame::Kind::binary, {}};
  if (begun_->payload.size() + head.length > longest_) {
    return break_off("a message has more than " + std::to_string(longest_) + " bytes");
  }
  begun_->payload += take(head);
  if (!head.is_final) return std::nullopt;
  return std::exchange(begun_, std::nullopt);
}

std::string WebSocketFrames::take(const Head& head) {
  std::string payload = bytes_.substr(at_ + head.size, head.length);
  at_ += head.size + head.length;
  if (at_ >= kTidyAt || at_ == bytes_.size()) {
    bytes_.erase(0, at_);
    at_ = 0;
  }
  return payload;
}

std::nullopt_t WebSocketFrames::break_off(std::string sentence) {
  fault_ = std::move(sentence);
  return std::nullopt;
}

std::string client_frame(WebSocketFrame::Kind kind, std::string_view payload,
                         std::array<unsigned char, 4> mask) {
  std::string frame(1, static_cast<char>(0x80 | opcode_of(kind)));
  const std::size_t length = payload.size();
  const std::size_t more = length < 126 ? 0 : length < 65536 ? 2 : 8;
  frame += static_cast<char>(0x80 | (more == 0 ? length : more == 2 ? 126 : 127));
  for (std::size_t left = more; left > 0; --left)
    frame += static_cast<char>(length >> (8 * (left - 1)) & 0xFF);
  frame.append(reinterpret_cast<const char*>(mask.data()), mask.size());
  for (std::size_t at = 0; at < length; ++at)
    frame += static_cast<char>(static_cast<unsigned char>(payload[at]) ^ mask[at % 4]);
  return frame;
}

std::string close_sentence(std::string_view payload) {
  if (payload.size() < 2) return "1005";
  std::string sentence = std::to_string(big_endian(payload.substr(0, 2)));
  if (payload.size() > 2) sentence.append(" ").append(payload.substr(2));
  return sentence;
}

}  // namespace apps
