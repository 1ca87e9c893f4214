// uses: engineio base
// An Engine.IO payload as a client posts it: what was read, written again, must read the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "engineio/payload.hpp"

namespace {

using namespace naru;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<engineio::Packet> read_all(std::string_view payload, bool& failed) {
  std::vector<engineio::Packet> packets;
  engineio::PayloadReader reader(payload);
  while (const auto packet = reader.next()) {
    require(packet->binary || base::is_valid_utf8(packet->data));
    packets.push_back(packet->binary ? engineio::make_binary_packet(packet->data)
                                     : engineio::make_packet(packet->type, packet->data));
  }
  failed = reader.failed();
  return packets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  bool failed = false;
  const std::vector<engineio::Packet> packets = read_all(payload, failed);
  require(failed || !packets.empty());
  if (packets.empty()) return 0;

  const engineio::EncodedPayload encoded = engineio::encode_payload(packets, 2 * size + 10 * packets.size());
  require(encoded.packets == packets.size());
  const std::vector<engineio::Packet> again = read_all(encoded.bytes.view(), failed);
  require(!failed && again.size() == packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    require(again[i].binary == packets[i].binary && again[i].type == packets[i].type);
    require(again[i].body() == packets[i].body());
  }
  return 0;
}
