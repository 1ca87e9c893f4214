#include "app/topics.hpp"

#include <limits>
#include <utility>

#include "ws/frame_header.hpp"

namespace naru::app {

base::Frame frame_of(const Message& message) {
  return ws::encode_frame(message.binary ? ws::Opcode::binary : ws::Opcode::text, message.data);
}

// Each route has its own limit of topics, which is looked at before.
Topics::Topics(std::shared_ptr<const hub::LoopGroup> loops)
    : loops_(std::move(loops)),
      rooms_(std::make_shared<adapter::Local>(
          loops_, adapter::LocalLimits{.max_rooms_per_socket = std::numeric_limits<std::size_t>::max()})) {}

bool Topics::is_topic(std::string_view name) noexcept {
  return !name.empty() && name.front() != '\0' && name.size() <= WebSocket::kMaxTopic;
}

std::string Topics::id_of(std::uint64_t number) {
  return '\0' + std::to_string(number);
}

void Topics::publish(std::string topic, const Message& message, std::uint64_t except) {
  if (!is_topic(topic)) return;
  adapter::Selection selection;
  selection.rooms.emplace_back(std::move(topic));
  if (except != 0) selection.except.emplace_back(id_of(except));
  hub::Parcel parcel{.head = {.frame = frame_of(message), .binary = message.binary},
                     .compress = message.compress};
  rooms_->broadcast(std::make_shared<const hub::Parcel>(std::move(parcel)), std::move(selection));
}

}  // namespace naru::app
