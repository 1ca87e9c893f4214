#include "ws/close_code.hpp"

#include <cstring>

#include "base/utf8.hpp"

namespace naru::ws {
namespace {

constexpr std::size_t kCodeSize = 2;

// Cuts before a character that would not fit whole.
std::string_view cut_at_character(std::string_view text, std::size_t max) noexcept {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0U) == 0x80U)
    --max;
  return text.substr(0, max);
}

}  // namespace

ClosePayload encode_close(std::uint16_t code, std::string_view reason) noexcept {
  ClosePayload payload;
  if (!is_valid_close_code(code)) return payload;
  reason = cut_at_character(reason, kMaxControlPayload - kCodeSize);
  payload.bytes_[0] = static_cast<char>(code >> 8);
  payload.bytes_[1] = static_cast<char>(code & 0xFF);
  if (!reason.empty()) std::memcpy(payload.bytes_ + kCodeSize, reason.data(), reason.size());
  payload.size_ = static_cast<std::uint8_t>(kCodeSize + reason.size());
  return payload;
}

ParsedClose parse_close(std::string_view payload) noexcept {
  if (payload.empty()) return {};
  if (payload.size() < kCodeSize) return {.failure = CloseCode::protocol_error};
  const auto high = static_cast<unsigned char>(payload[0]);
  const auto low = static_cast<unsigned char>(payload[1]);
  const auto code = static_cast<std::uint16_t>(high << 8 | low);
  if (!is_valid_close_code(code)) return {.failure = CloseCode::protocol_error};
  const std::string_view reason = payload.substr(kCodeSize);
  if (!base::is_valid_utf8(reason)) return {.failure = CloseCode::invalid_payload};
  return {.status = {.code = code, .reason = reason}};
}

}  // namespace naru::ws
