// What is kept of a socket whose connection was lost, so that it can be as it was: plain data.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "naru/raw_json.hpp"

namespace naru::adapter {

struct Session {
  std::string pid;  // the private id: who knows it is the client that it was given to
  std::string sid;
  std::vector<std::string> rooms = {};  // its own id among them
  std::optional<RawJson> data = {};     // what it asked to be kept
  std::string identity = {};            // and until when it may be here, as gates have said
  std::optional<std::chrono::system_clock::time_point> expires = {};

  // Everything that was sent to it before this time is known to have arrived.
  base::TimePoint confirmed_at{};
  base::TimePoint deadline{};  // it may come back until then

  // Where it stood in the log; filled in by whoever keeps the log.
  base::TimePoint connected_at{};
  std::uint64_t began = 0;            // at its CONNECT: it has missed nothing before
  std::uint64_t heard_through = 0;    // the last event that was handed to its connection
  std::uint64_t offered_through = 0;  // what was meant for it up to here was handed to its connection
  bool has_gap = false;               // something that was meant for it was refused to its loop

  std::size_t cost() const {
    constexpr std::size_t kFixed = 512;  // this object and its places in two tables
    std::size_t sum = kFixed + pid.size() + sid.size() + identity.size();
    for (const std::string& room : rooms)
      sum += sizeof(std::string) + room.size();
    if (data) {
      sum += data->text.size();
      for (const Bytes& part : data->attachments)
        sum += sizeof part + part.size();
    }
    return sum;
  }
};

}  // namespace naru::adapter
