// What fan-out moves: bytes that were encoded once, for any number of receivers on any loop.
//
// A part has two forms that share one allocation: the whole frame (form 0), and the frame without its first
// `lead` bytes (form 1). Which form a receiver writes is its own affair; the hub knows neither.
//
//   auto parcel = std::make_shared<const Parcel>(Parcel::of(std::move(part)));
//   adapter.broadcast(parcel, selection);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/frame.hpp"

namespace naru::hub {

struct Part {
  base::Frame frame{};
  std::uint8_t lead = 0;
  bool binary = false;
};

struct Parcel {
  Part head{};
  std::vector<Part> more = {};  // follow the head at once, in order (binary attachments)
  bool is_volatile = false;     // a receiver that cannot take it now goes without
  bool compress = true;         // false: goes as it is, whatever the transport has agreed on
  // What the members' own room has written on it. Such a parcel is for members of which some listen to what
  // goes out: deliver() may run user code, so nobody may be walking a room table.
  std::shared_ptr<const void> note = {};

  // Nothing is to be sent.
  bool empty() const noexcept { return head.frame.empty(); }
  std::size_t bytes() const noexcept {
    std::size_t sum = head.frame.size();
    for (const Part& part : more)
      sum += part.frame.size();
    return sum;
  }
};

using SharedParcel = std::shared_ptr<const Parcel>;

}  // namespace naru::hub
