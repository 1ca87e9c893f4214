// A message of which a part has come: pieces of payload in, the text so far out, every rule about it checked
// at each piece.
//
//   IncomingMessage message(Opcode::text, inflater_or_null, max_message);
//   if (auto breach = message.append(piece)) fail(*breach);
//   if (auto breach = message.finish()) fail(*breach);
//   deliver(message.bytes(), message.is_binary());
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "ws/close_code.hpp"
#include "ws/inflater.hpp"

namespace naru::ws {

// What the peer has done wrong: how that is answered, and a literal that says it.
struct Breach {
  CloseCode code = CloseCode::protocol_error;
  std::string_view sentence{};
};

class IncomingMessage {
 public:
  // `inflater`: the message is compressed. It must outlive the message, and has one at a time.
  IncomingMessage(Opcode opcode, Inflater* inflater, std::size_t max_message) noexcept;
  ~IncomingMessage();
  IncomingMessage(const IncomingMessage&) = delete;
  IncomingMessage& operator=(const IncomingMessage&) = delete;

  // Whether so many further bytes of payload may come.
  std::optional<Breach> expect(std::uint64_t payload_size) const noexcept;
  std::optional<Breach> append(std::string_view piece);
  // No further piece comes.
  std::optional<Breach> finish();

  bool is_binary() const noexcept { return is_binary_; }
  std::string_view bytes() const noexcept { return bytes_; }

 private:
  std::optional<Breach> append_plain(std::string_view piece);
  std::optional<Breach> check_inflated(InflateStatus status, std::size_t checked);

  const std::size_t max_message_;
  Inflater* const inflater_;
  const bool is_binary_;
  base::Utf8Validator utf8_;
  std::size_t received_ = 0;  // payload as it came
  std::string bytes_;
};

}  // namespace naru::ws
