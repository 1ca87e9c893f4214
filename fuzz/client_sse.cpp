// uses: commands
// An event stream as `naru tail` reads it: cut in two anywhere, the same events come.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "naru/client/sse_events.hpp"

namespace {

constexpr std::size_t kLongest = 4096;

std::string transcript(std::string_view first, std::string_view second) {
  apps::SseEvents events(kLongest);
  std::string all;
  for (const std::string_view piece : {first, second}) {
    const bool goes_on = events.feed(piece, [&all](const apps::SseEvent& event) {
      if (event.data.size() > kLongest) std::abort();
      all.append(event.id).append("|").append(event.name).append("|").append(event.data).append("\n");
      return true;
    });
    if (!goes_on) return all + "!";
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = bytes.empty() ? 0 : data[0] % (bytes.size() + 1);
  if (transcript(bytes, {}) != transcript(bytes.substr(0, cut), bytes.substr(cut))) std::abort();
  return 0;
}
