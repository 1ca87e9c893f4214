#include "channel/positions.hpp"

#include <algorithm>
#include <cassert>

namespace naru::channel {
namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(kPositionSeparator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<Since> parse_since(std::string_view text, std::size_t count, Since::Kind when_absent) {
  assert(count >= 1 && count <= kMaxChannels);
  if (text.empty()) return std::vector<Since>(count, Since{when_absent, {}});
  if (text == "first") return std::vector<Since>(count, Since{Since::Kind::first, {}});
  if (text == "last") return std::vector<Since>(count, Since{Since::Kind::last, {}});

  // No epoch is no log's: the answer that a foreign position gets.
  std::vector<Since> since(count, Since{Since::Kind::position, {}});
  if (text.size() > kMaxPositionsText) return since;
  const std::vector<std::string_view> parts = split(text);
  if (parts.size() != count) return since;
  for (std::size_t i = 0; i < count; ++i)
    since[i].position = Position::parse(parts[i]).value_or(Position());
  return since;
}

bool Positions::is_complete() const noexcept {
  return std::none_of(positions_.begin(), positions_.end(),
                      [](const Position& position) { return position.epoch.empty(); });
}

std::string Positions::text() const {
  std::string text;
  append_text(text);
  return text;
}

void Positions::append_text(std::string& out) const {
  bool is_first = true;
  for (const Position& position : positions_) {
    if (!is_first) out += kPositionSeparator;
    is_first = false;
    out += position.text();
  }
}

}  // namespace naru::channel
