#include "channel/since.hpp"

namespace naru::channel {

Since Since::parse(std::string_view text, Kind when_absent) noexcept {
  if (text.empty()) return {when_absent, {}};
  if (text == "first") return {Kind::first, {}};
  if (text == "last") return {Kind::last, {}};
  return after(Position::parse(text).value_or(Position{}));
}

}  // namespace naru::channel
