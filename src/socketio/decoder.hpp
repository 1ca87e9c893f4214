// Engine.IO messages of one connection -> Socket.IO packets, as a server receives them.
//
//   DecoderSpace space;                                     // one per loop, shared by all its decoders
//   Decoded decoded = decoder.feed_text(message, space);    // or feed_binary(message)
//   if (decoded.status == DecodeStatus::packet) dispatch(decoded.packet);
//   if (decoded.status == DecodeStatus::error) close(describe(decoded.error));
//
// The packet's views live as long as `decoded`, and, for feed_text, not longer than `message` and the next
// use of `space`. After an error the decoder answers every message with the same error: the connection must
// be closed, as the protocol asks. Not thread-safe. Waiting for attachments it holds one copy of the text and
// of what came, within the options' limits; otherwise it owns no memory. Socket.IO protocol v5, "Packet
// encoding".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/json_scanner.hpp"
#include "socketio/packet.hpp"

namespace naru::socketio {

struct DecoderOptions {
  std::uint32_t max_attachments = kMaxAttachments;
  // Text and attachments of one packet together while it is incomplete. The default is what Node's limits
  // allow: one text and ten attachments of at most 1 MB (max_payload) each.
  std::size_t max_pending_bytes = 11'000'000;
};

enum class DecodeStatus : std::uint8_t { incomplete, packet, error };

enum class DecodeError : std::uint8_t {
  none,
  empty_packet,
  unknown_type,
  connect_error_from_client,
  bad_attachment_count,
  too_many_attachments,
  bad_namespace,
  namespace_too_long,
  bad_ack_id,
  missing_ack_id,
  bad_json,
  bad_payload,
  reserved_event,
  bad_placeholder,
  text_instead_of_binary,
  unexpected_binary,
  too_many_bytes,
};
// A sentence for people.
std::string_view describe(DecodeError error) noexcept;

// Working memory that decoders need during a call only.
struct DecoderSpace {
  base::JsonOutline outline;
};

// A binary packet of which not all attachments have come.
struct PendingPacket;
struct DeletePending {
  void operator()(PendingPacket* pending) const noexcept;
};
using PendingPointer = std::unique_ptr<PendingPacket, DeletePending>;

struct Decoded {
  DecodeStatus status = DecodeStatus::incomplete;
  DecodeError error = DecodeError::none;
  Packet packet{};
  PendingPointer storage{};  // what the views of a binary packet look at
};

class Decoder {
 public:
  explicit Decoder(DecoderOptions options = {}) noexcept : options_(options) {}

  Decoded feed_text(std::string_view message, DecoderSpace& space);
  Decoded feed_binary(std::string_view message);

  // Bytes held for an incomplete packet; for the memory ledger.
  std::size_t pending_bytes() const noexcept;

 private:
  Decoded fail(DecodeError error) noexcept;
  Decoded hold(std::string_view message);

  DecoderOptions options_;
  DecodeError failure_ = DecodeError::none;
  PendingPointer pending_;
};

}  // namespace naru::socketio
