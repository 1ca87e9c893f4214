// Where a reader stands in a log: (epoch, offset), and its one opaque text.
//
// An epoch is drawn at random when a log is new or was lost, so a position of a log that has since vanished
// and grown again is recognised as foreign instead of silently naming another message. Offsets count from 1;
// offset 0 stands before the first message. There is no clock in either.
//
//   Position position{epoch, 42};
//   std::string text = position.text();                        // "eQUJDREVGR0hJSktM.42"
//   std::optional<Position> again = Position::parse(text);     // empty for anything that text() cannot have
//   made
//
// Values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace naru::channel {

class Epoch {
 public:
  static constexpr std::size_t kBytes = 12;  // 96 random bits: two lost logs never meet by chance
  static constexpr std::size_t kTextSize = 16;

  // No epoch: equal to no log's.
  Epoch() noexcept = default;
  static Epoch from_bytes(std::span<const std::byte, kBytes> random);
  // Exactly sixteen characters of base64url, else empty.
  static std::optional<Epoch> parse(std::string_view text) noexcept;

  bool empty() const noexcept { return text_[0] == '\0'; }
  std::string_view text() const noexcept {
    return empty() ? std::string_view() : std::string_view(text_.data(), kTextSize);
  }
  friend bool operator==(const Epoch&, const Epoch&) noexcept = default;

 private:
  std::array<char, kTextSize> text_{};
};

struct Position {
  static constexpr std::size_t kMaxText = 64;
  // What a signed 64-bit column holds; at a million messages a second it lasts 290,000 years.
  static constexpr std::uint64_t kMaxOffset = std::numeric_limits<std::int64_t>::max();

  Epoch epoch{};
  std::uint64_t offset = 0;

  // `e`, the epoch, `.`, the offset in decimal. REQUIRES: !epoch.empty(), offset <= kMaxOffset.
  std::string text() const;
  // Strict: only what text() can have made, so that equal positions have equal texts (ETag, cache keys).
  static std::optional<Position> parse(std::string_view text) noexcept;

  friend bool operator==(const Position&, const Position&) noexcept = default;
};

}  // namespace naru::channel
