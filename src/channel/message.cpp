#include "channel/message.hpp"

namespace naru::channel {

std::optional<std::string_view> find_fault(const Message& message) {
  if (message.data.size() > kMaxDataSize) return "the message is larger than 16 MiB";
  if (message.event.size() > kMaxEventSize) return "the event name is longer than 256 bytes";
  if (message.key.size() > kMaxKeySize) return "the message key is longer than 256 bytes";
  if (message.type.size() > kMaxTypeSize) return "the media type is longer than 128 bytes";
  if (message.sender.size() > kMaxSenderSize) return "the sender note is longer than 4096 bytes";
  if (message.headers.size() > kMaxHeadersSize) return "the message headers are longer than 20480 bytes";
  return std::nullopt;
}

}  // namespace naru::channel
