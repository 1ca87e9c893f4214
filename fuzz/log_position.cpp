// uses: adapter socketio hub net channel store base
// An offset as a client sends it: what is taken for a position must be the text that it was made into.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapter/log_position.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naru::adapter;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto position = parse_position(text)) {
    if (position_text(position->epoch, position->number) != text) std::abort();
  }
  return 0;
}
