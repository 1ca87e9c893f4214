// uses: commands
// A server's WebSocket bytes as `naru tail` reads them: cut in two anywhere, the same messages come.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "naru/client/websocket_frames.hpp"

namespace {

constexpr std::size_t kLongest = 4096;

std::string transcript(std::string_view first, std::string_view second) {
  apps::WebSocketFrames frames(kLongest);
  std::string all;
  for (const std::string_view piece : {first, second}) {
    frames.add(piece);
    while (const auto frame = frames.next()) {
      if (frame->payload.size() > kLongest) std::abort();
      all += std::to_string(static_cast<int>(frame->kind)) + " " + frame->payload + "\n";
    }
  }
  return all + frames.fault();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = bytes.empty() ? 0 : data[0] % (bytes.size() + 1);
  if (transcript(bytes, {}) != transcript(bytes.substr(0, cut), bytes.substr(cut))) std::abort();
  return 0;
}
