// Publications of a fixed epoch, and the JSON value of a text.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "channel/message.hpp"

namespace naru::channel {

// "e" and "QUJDREVGR0hJSktM", the letters A to L in base64url.
inline Epoch letters_epoch() {
  std::array<std::byte, Epoch::kBytes> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>('A' + static_cast<int>(i));
  return Epoch::from_bytes(bytes);
}
inline constexpr std::string_view kLettersPosition = "eQUJDREVGR0hJSktM.";

inline Message message_of(Kind kind, std::string_view data) {
  Message message;
  message.kind = kind;
  message.data = base::Frame::copy(data);
  return message;
}
inline PublicationRef publication_of(Message message, std::uint64_t offset = 1) {
  return std::make_shared<const Publication>(
      Publication{.position = {letters_epoch(), offset}, .message = std::move(message)});
}

}  // namespace naru::channel
