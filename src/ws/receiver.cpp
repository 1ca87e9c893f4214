#include "ws/receiver.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "ws/incoming_message.hpp"
#include "ws/mask.hpp"

namespace naru::ws {
namespace {

constexpr std::size_t kShortHeader = 2;
constexpr std::size_t kMaskSize = 4;
constexpr unsigned kFinalBit = 0x80;
constexpr unsigned kReservedBits = 0x70;
constexpr unsigned kCompressedBit = 0x40;  // RSV1, RFC 7692 6
constexpr unsigned kOpcodeBits = 0x0F;
constexpr unsigned kMaskBit = 0x80;
constexpr unsigned kLengthBits = 0x7F;
constexpr unsigned kLength16 = 126;
constexpr unsigned kLength64 = 127;

unsigned byte_at(std::span<const char> bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

std::uint64_t read_big_endian(std::span<const char> bytes) noexcept {
  std::uint64_t value = 0;
  for (const char byte : bytes)
    value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

bool is_known(unsigned opcode) noexcept {
  return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xA);
}

std::size_t length_size(unsigned short_length) noexcept {
  if (short_length == kLength16) return 2;
  return short_length == kLength64 ? 8 : 0;
}

}  // namespace

struct Receiver::Header {
  bool is_final = false;
  bool is_compressed = false;
  Opcode opcode = Opcode::continuation;
  std::uint64_t payload_size = 0;
  MaskKey key{};
  std::size_t size = 0;  // of the header itself
};

struct Receiver::Unfinished {
  Unfinished(const Header& header, Inflater* inflater, std::size_t max_message)
      : message(header.opcode, header.is_compressed ? inflater : nullptr, max_message) {}
  IncomingMessage message;
  std::size_t fragments = 0;
  // The frame that is being read:
  bool is_final = false;
  MaskKey key{};
  std::size_t frame_offset = 0;
  std::size_t frame_missing = 0;
};

Receiver::Receiver(const ReceiverLimits& limits, ReceiverEvents& events, Inflater* inflater) noexcept
    : limits_(limits), events_(events), inflater_(inflater) {}
Receiver::~Receiver() = default;

std::size_t Receiver::feed(std::span<char> bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    if (state_ == State::done) return bytes.size();
    if (is_stopped_) break;
    const std::span<char> rest = bytes.subspan(taken);
    const std::size_t step = state_ == State::header ? feed_header(rest) : feed_payload(rest);
    if (step == 0) break;
    taken += step;
  }
  return taken;
}

void Receiver::discard() noexcept {
  state_ = State::done;
  unfinished_.reset();
}

std::size_t Receiver::buffered() const noexcept {
  return unfinished_ == nullptr ? 0 : unfinished_->message.bytes().size();
}

// What can be seen to be wrong in the first two bytes is refused before the rest of the header has come.
std::size_t Receiver::feed_header(std::span<char> bytes) {
  if (bytes.size() < kShortHeader) return 0;
  const unsigned first = byte_at(bytes, 0);
  const unsigned second = byte_at(bytes, 1);
  const unsigned short_length = second & kLengthBits;
  Header header{.is_final = (first & kFinalBit) != 0,
                .is_compressed = (first & kReservedBits) == kCompressedBit,
                .opcode = static_cast<Opcode>(first & kOpcodeBits),
                .payload_size = short_length,
                .size = kShortHeader + length_size(short_length) + kMaskSize};
  if (!check_first_bytes(header, first, second)) return kShortHeader;
  if (bytes.size() < header.size) return 0;

  const std::size_t mask_at = header.size - kMaskSize;
  if (mask_at > kShortHeader) {
    header.payload_size = read_big_endian(bytes.subspan(kShortHeader, mask_at - kShortHeader));
    if (!check_long_length(header.payload_size, mask_at - kShortHeader)) return header.size;
  }
  for (std::size_t i = 0; i < kMaskSize; ++i)
    header.key[i] = static_cast<unsigned char>(bytes[mask_at + i]);

  if (is_control(header.opcode)) return take_control(header, bytes);
  const bool is_whole = header.is_final && unfinished_ == nullptr && !header.is_compressed &&
                        bytes.size() - header.size >= header.payload_size;
  if (is_whole && header.payload_size <= limits_.max_message) return take_whole_message(header, bytes);
  begin_frame(header);
  return header.size;
}

bool Receiver::check_first_bytes(const Header& header, unsigned first, unsigned second) {
  if ((first & kReservedBits) != 0 && !check_reserved(header, first & kReservedBits)) return false;
  if (!is_known(first & kOpcodeBits)) return fail(CloseCode::protocol_error, "unknown opcode");
  if ((second & kMaskBit) == 0) return fail(CloseCode::protocol_error, "frame from a client without a mask");
  if (is_control(header.opcode)) {
    if (!header.is_final) return fail(CloseCode::protocol_error, "fragmented control frame");
    if (header.payload_size > kMaxControlPayload) {
      return fail(CloseCode::protocol_error, "control frame of more than 125 bytes");
    }
    return true;
  }
  if (header.opcode == Opcode::continuation && unfinished_ == nullptr) {
    return fail(CloseCode::protocol_error, "continuation without a beginning");
  }
  if (header.opcode != Opcode::continuation && unfinished_ != nullptr) {
    return fail(CloseCode::protocol_error, "new message inside a fragmented one");
  }
  return true;
}

bool Receiver::check_reserved(const Header& header, unsigned reserved) {
  if (inflater_ == nullptr || reserved != kCompressedBit) {
    return fail(CloseCode::protocol_error, "reserved bits without an extension");
  }
  if (header.opcode == Opcode::continuation || is_control(header.opcode)) {
    return fail(CloseCode::protocol_error, "compressed bit on a frame that begins no message");
  }
  return true;
}

// RFC 6455 5.2: the shortest form must be used, and the highest bit of eight bytes must be zero.
bool Receiver::check_long_length(std::uint64_t length, std::size_t bytes) {
  const bool fits_shorter = bytes == 2 ? length < kLength16 : length <= 0xFFFF;
  if (fits_shorter) return fail(CloseCode::protocol_error, "length not in its shortest form");
  if (length >> 63 != 0) return fail(CloseCode::protocol_error, "length of more than 63 bits");
  return true;
}

// A control frame is small: it waits in the caller's buffer until it is whole.
std::size_t Receiver::take_control(const Header& header, std::span<char> bytes) {
  const auto payload_size = static_cast<std::size_t>(header.payload_size);
  if (bytes.size() - header.size < payload_size) return 0;
  char* payload = bytes.data() + header.size;
  unmask(payload, payload_size, header.key, 0);
  const std::string_view view(payload, payload_size);
  if (header.opcode == Opcode::ping) {
    events_.on_ping(view);
  } else if (header.opcode == Opcode::pong) {
    events_.on_pong(view);
  } else {
    take_close(view);
  }
  return header.size + payload_size;
}

void Receiver::take_close(std::string_view payload) {
  const ParsedClose close = parse_close(payload);
  if (close.failure) {
    fail(*close.failure, *close.failure == CloseCode::invalid_payload ? "close reason that is not UTF-8"
                                                                      : "invalid close code");
    return;
  }
  discard();
  events_.on_close_frame(close.status.code, close.status.reason);
}

std::size_t Receiver::take_whole_message(const Header& header, std::span<char> bytes) {
  const auto payload_size = static_cast<std::size_t>(header.payload_size);
  char* payload = bytes.data() + header.size;
  unmask(payload, payload_size, header.key, 0);
  const std::string_view message(payload, payload_size);
  const bool binary = header.opcode == Opcode::binary;
  if (!binary && !base::is_valid_utf8(message)) {
    fail(CloseCode::invalid_payload, "text that is not UTF-8");
  } else {
    events_.on_message(message, binary);
  }
  return header.size + payload_size;
}

bool Receiver::begin_frame(const Header& header) {
  if (unfinished_ == nullptr) {
    unfinished_ = std::make_unique<Unfinished>(header, inflater_, limits_.max_message);
  }
  if (auto breach = unfinished_->message.expect(header.payload_size)) return fail(*breach);
  if (unfinished_->fragments >= limits_.max_fragments) {
    return fail(CloseCode::policy_violation, "message in more frames than the limit max_fragments");
  }
  ++unfinished_->fragments;
  unfinished_->is_final = header.is_final;
  unfinished_->key = header.key;
  unfinished_->frame_offset = 0;
  unfinished_->frame_missing = static_cast<std::size_t>(header.payload_size);
  state_ = State::payload;
  if (header.payload_size == 0) end_frame();
  return true;
}

std::size_t Receiver::feed_payload(std::span<char> bytes) {
  Unfinished& unfinished = *unfinished_;
  const std::size_t size = std::min(bytes.size(), unfinished.frame_missing);
  unmask(bytes.data(), size, unfinished.key, unfinished.frame_offset);
  if (auto breach = unfinished.message.append(std::string_view(bytes.data(), size))) {
    fail(*breach);
    return size;
  }
  unfinished.frame_offset += size;
  unfinished.frame_missing -= size;
  if (unfinished.frame_missing == 0) end_frame();
  return size;
}

void Receiver::end_frame() {
  state_ = State::header;
  if (!unfinished_->is_final) return;
  const std::unique_ptr<Unfinished> ended = std::move(unfinished_);
  if (auto breach = ended->message.finish()) {
    fail(*breach);
    return;
  }
  events_.on_message(ended->message.bytes(), ended->message.is_binary());
}

bool Receiver::fail(const Breach& breach) {
  return fail(breach.code, breach.sentence);
}

bool Receiver::fail(CloseCode code, std::string_view sentence) {
  discard();
  events_.on_failure(code, sentence);
  return false;
}

}  // namespace naru::ws
