// From where a reader wants to read, as it said it, and where it then stands.
//
//   Since since = Since::parse(query.find("since").value_or(""), Since::Kind::last);   // nothing said: now
//
// A text that no position can have is a position of no log: it reads from the oldest kept, not recovered.
// Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "channel/position.hpp"

namespace naru::channel {

struct Since {
  enum class Kind : std::uint8_t {
    first,     // before the oldest kept; nothing is missed by definition
    last,      // now
    position,  // behind `position`, which may be foreign
  };
  Kind kind = Kind::first;
  Position position{};

  // "first", "last", or a position's text; empty: `when_absent`, which is first or last.
  static Since parse(std::string_view text, Kind when_absent) noexcept;
  static Since after(const Position& position) noexcept { return {Kind::position, position}; }
  friend bool operator==(const Since&, const Since&) noexcept = default;
};

// Where a reader stands and what it missed on the way there: the answer to a Since, and to falling behind.
struct Standing {
  Position position{};  // what is read next stands behind it
  bool recovered = true;
  std::optional<std::uint64_t> missing = 0;  // empty: nobody can know

  friend bool operator==(const Standing&, const Standing&) noexcept = default;
};

}  // namespace naru::channel
