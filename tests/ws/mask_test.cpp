#include "ws/mask.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::ws {
namespace {

constexpr MaskKey kKey = {0x12, 0x34, 0x56, 0x78};

std::string masked_byte_by_byte(std::string bytes, std::size_t offset) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(bytes[i] ^ kKey[(i + offset) % 4]);
  return bytes;
}

TEST(Mask, EqualsTheByteLoopForEverySizeOffsetAndAlignment) {
  const std::string source = "The quick brown fox jumps over the lazy dog, twice at least.";
  for (std::size_t alignment = 0; alignment < 8; ++alignment) {
    for (std::size_t size = 0; size + alignment <= source.size(); ++size) {
      for (std::size_t offset = 0; offset < 9; ++offset) {
        std::string bytes = source;
        unmask(bytes.data() + alignment, size, kKey, offset);
        const std::string expected = source.substr(0, alignment) +
                                     masked_byte_by_byte(source.substr(alignment, size), offset) +
                                     source.substr(alignment + size);
        ASSERT_EQ(bytes, expected) << size << " bytes at " << alignment << ", offset " << offset;
      }
    }
  }
}

TEST(Mask, PiecesEqualTheWhole) {
  const std::string source(100, 'x');
  for (std::size_t cut = 0; cut <= source.size(); ++cut) {
    std::string bytes = source;
    unmask(bytes.data(), cut, kKey, 0);
    unmask(bytes.data() + cut, bytes.size() - cut, kKey, cut);
    EXPECT_EQ(bytes, masked_byte_by_byte(source, 0));
  }
}

}  // namespace
}  // namespace naru::ws
