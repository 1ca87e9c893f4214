// Why a WebSocket ends (RFC 6455 section 7.4), and the payload of the Close frame that says so (5.5.1).
//
//   ClosePayload payload = encode_close(1001, "going away");
//   stream.write(encode_frame(Opcode::close, payload.view()));
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ws/frame_header.hpp"

namespace naru::ws {

enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  // never on the wire: the Close frame had no code
  abnormal = 1006,   // never on the wire: there was no Close frame
  invalid_payload = 1007,
  policy_violation = 1008,
  too_big = 1009,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
};

constexpr std::uint16_t number(CloseCode code) noexcept {
  return static_cast<std::uint16_t>(code);
}

// Whether a peer may send the code: 1000-1003, 1007-1014, and 3000-4999 (registered and private use).
constexpr bool is_valid_close_code(std::uint16_t code) noexcept {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

// At most kMaxControlPayload bytes, kept inside.
class ClosePayload {
 public:
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  friend ClosePayload encode_close(std::uint16_t code, std::string_view reason) noexcept;
  char bytes_[kMaxControlPayload];
  std::uint8_t size_ = 0;
};

// A reason of more than 123 bytes is cut at a character. Code 1005 gives an empty payload, as "no status"
// looks on the wire; so does a code that must not be sent.
ClosePayload encode_close(std::uint16_t code, std::string_view reason) noexcept;

struct CloseStatus {
  std::uint16_t code = number(CloseCode::no_status);
  std::string_view reason{};  // a part of the parsed payload
};

// What a received Close frame says, or which code answers it: 1002 for one byte or an invalid code, 1007 for
// a reason that is not UTF-8.
struct ParsedClose {
  CloseStatus status{};
  std::optional<CloseCode> failure{};
};
ParsedClose parse_close(std::string_view payload) noexcept;

}  // namespace naru::ws
