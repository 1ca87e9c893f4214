// uses: channel base
// Every text that parses is the one text of its position.
#include "channel/position.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto position = naru::channel::Position::parse(text);
  if (position && position->text() != text) std::abort();
  return 0;
}
