#include "ws/mask.hpp"

#include <cstdint>
#include <cstring>

namespace naru::ws {

void unmask(char* bytes, std::size_t size, MaskKey key, std::size_t offset) noexcept {
  // The key as eight bytes that begin at this piece's place in it: one word serves every step of eight.
  unsigned char turned[8];
  for (std::size_t i = 0; i < sizeof turned; ++i)
    turned[i] = key[(offset + i) % key.size()];
  std::uint64_t key_word;
  std::memcpy(&key_word, turned, sizeof key_word);

  std::size_t at = 0;
  for (; size - at >= sizeof key_word; at += sizeof key_word) {
    std::uint64_t word;
    std::memcpy(&word, bytes + at, sizeof word);
    word ^= key_word;
    std::memcpy(bytes + at, &word, sizeof word);
  }
  for (std::size_t i = 0; at < size; ++at, ++i)
    bytes[at] = static_cast<char>(bytes[at] ^ turned[i]);
}

}  // namespace naru::ws
