// What a session on polling still has to send: packets in order, and what they cost. Plain data, one thread.
//
//   queue.push(packet);
//   EncodedPayload answer = queue.take_payload(options.max_payload);
#pragma once

#include <cstddef>
#include <vector>

#include "engineio/packet.hpp"
#include "engineio/payload.hpp"

namespace naru::engineio {

class PacketQueue {
 public:
  // What a packet costs beside its bytes: a million tiny ones are no small queue.
  static constexpr std::size_t kPacketCost = sizeof(Packet) + 64;

  void push(Packet packet);
  // One answer's worth from the front: at most `max_bytes`, but one packet at least. A goodbye has an answer
  // of its own: the official client takes it before the messages in front of it. REQUIRES: not empty.
  EncodedPayload take_payload(std::size_t max_bytes);
  std::vector<Packet> take_all();
  void clear() { take_all(); }

  bool empty() const noexcept { return packets_.empty(); }
  std::size_t bytes() const noexcept { return bytes_; }
  // With what each packet costs.
  std::size_t memory() const noexcept { return bytes_ + packets_.size() * kPacketCost; }

 private:
  void forget(std::size_t count);

  std::vector<Packet> packets_;
  std::size_t bytes_ = 0;
};

}  // namespace naru::engineio
