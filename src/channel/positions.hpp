// Where a connection with one or several channels stands: their positions in the order of its list, and the
// one text for all of them.
//
//   Positions positions(2);
//   positions.set(0, news);  positions.set(1, chat);
//   std::string text = positions.text();                     // "eQUJDREVGR0hJSktM.42~eTU5PUFFSU1RVVldY.7"
//   std::vector<Since> since = parse_since(text, 2, Since::Kind::last);    // [news], [chat]
//
// Values; a Positions belongs to its connection's loop.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "channel/channel_name.hpp"
#include "channel/position.hpp"
#include "channel/since.hpp"

namespace naru::channel {

inline constexpr char kPositionSeparator = '~';
// Longer texts are nobody's: bounds what is split.
inline constexpr std::size_t kMaxPositionsText = kMaxChannels * (Position::kMaxText + 1) - 1;

// One for each of `count` channels. "first", "last" and the empty text (`when_absent`) hold for all of them.
// A part that no position can have, or all parts when their number is wrong, is a position of no log: that
// channel is read from the oldest kept, not recovered. REQUIRES: 1 <= count <= kMaxChannels.
std::vector<Since> parse_since(std::string_view text, std::size_t count, Since::Kind when_absent);

class Positions {
 public:
  explicit Positions(std::size_t count) : positions_(count) {}

  std::size_t size() const noexcept { return positions_.size(); }
  const Position& operator[](std::size_t channel) const { return positions_[channel]; }
  void set(std::size_t channel, const Position& position) { positions_[channel] = position; }
  // Whether every channel has one. Before that there is no text: a door with several channels tells nothing
  // until all of them have started.
  bool is_complete() const noexcept;

  // REQUIRES: is_complete().
  std::string text() const;
  void append_text(std::string& out) const;

 private:
  std::vector<Position> positions_;
};

}  // namespace naru::channel
