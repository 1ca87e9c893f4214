#include "engineio/packet_queue.hpp"

#include <cassert>
#include <span>
#include <utility>

namespace naru::engineio {

void PacketQueue::push(Packet packet) {
  bytes_ += packet.size();
  packets_.push_back(std::move(packet));
}

EncodedPayload PacketQueue::take_payload(std::size_t max_bytes) {
  assert(!packets_.empty());
  std::span<const Packet> due = packets_;
  if (due.size() > 1 && due.back().type == PacketType::close) due = due.first(due.size() - 1);
  EncodedPayload payload = encode_payload(due, max_bytes);
  forget(payload.packets);
  return payload;
}

std::vector<Packet> PacketQueue::take_all() {
  bytes_ = 0;
  return std::exchange(packets_, std::vector<Packet>());
}

void PacketQueue::forget(std::size_t count) {
  const auto end = packets_.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto packet = packets_.begin(); packet != end; ++packet)
    bytes_ -= packet->size();
  packets_.erase(packets_.begin(), end);
  if (packets_.empty()) packets_ = std::vector<Packet>();  // an idle session owns no queue
}

}  // namespace naru::engineio
