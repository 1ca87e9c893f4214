#include "sse/last_event_id.hpp"

namespace naru::sse {

std::optional<std::string_view> parse_last_event_id(std::string_view field) noexcept {
  constexpr std::string_view kForbidden{"\0\r\n", 3};
  if (field.empty() || field.size() > kMaxLastEventId) return std::nullopt;
  if (field.find_first_of(kForbidden) != std::string_view::npos) return std::nullopt;
  return field;
}

}  // namespace naru::sse
