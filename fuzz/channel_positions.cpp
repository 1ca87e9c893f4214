// uses: channel base
// Positions of several channels: as many answers as channels, whatever the text; what is taken whole comes
// out the same. And names: no text breaks the rule that they stand in one line.
#include "channel/positions.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace naru::channel;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, kMaxChannels}) {
    const std::vector<Since> since = parse_since(text, count, Since::Kind::last);
    require(since.size() == count);
    Positions positions(count);
    for (std::size_t i = 0; i < count; ++i)
      positions.set(i, since[i].position);
    if (positions.is_complete()) require(positions.text() == text);
  }
  for (const std::string_view part : split_channel_list(text))
    require(part.find(',') == std::string_view::npos);
  if (is_channel_name(text)) {
    require(text.find_first_of("\r\n") == std::string_view::npos && !text.empty());
    const auto subject = presence_subject(text);
    require(!subject || (is_channel_name(*subject) && presence_name(*subject) == text));
  }
  return 0;
}
