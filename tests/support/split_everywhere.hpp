// Runs a parser on the same bytes cut in every way that matters, and expects the same outcome each time.
//
//   expect_same_when_split("GET / HTTP/1.1\r\n\r\n", [](Pieces pieces) {
//     Parser parser;
//     std::string transcript;
//     for (std::span<char> piece : pieces) transcript += parser.feed(piece);
//     return transcript;                              // anything with == and, for messages, <<
//   });
//
// Each piece is a heap block of exactly its size, so that AddressSanitizer sees a read past its end; the
// parser may change the bytes in place.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace naru::test {

using Pieces = std::span<const std::span<char>>;

// Owns exact-size copies of the pieces of a text.
class CutText {
 public:
  void add(std::string_view piece) {
    blocks_.push_back(std::make_unique<char[]>(piece.size()));
    std::copy(piece.begin(), piece.end(), blocks_.back().get());
    pieces_.emplace_back(blocks_.back().get(), piece.size());
  }
  Pieces pieces() const { return pieces_; }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::span<char>> pieces_;
};

inline CutText whole(std::string_view text) {
  CutText cut;
  cut.add(text);
  return cut;
}
inline CutText cut_at(std::string_view text, std::size_t place) {
  CutText cut;
  cut.add(text.substr(0, place));
  cut.add(text.substr(place));
  return cut;
}
inline CutText cut_every(std::string_view text, std::size_t size) {
  CutText cut;
  for (std::size_t at = 0; at < text.size(); at += size)
    cut.add(text.substr(at, size));
  return cut;
}

// `parse(Pieces)` returns its outcome. Whole, in two at every byte (an empty piece first and last included),
// byte by byte and in threes. Returns the outcome of the whole text.
template <class Parse>
auto expect_same_when_split(std::string_view text, Parse parse) {
  const auto expected = parse(whole(text).pieces());
  for (std::size_t place = 0; place <= text.size(); ++place) {
    EXPECT_EQ(parse(cut_at(text, place).pieces()), expected)
        << "cut at byte " << place << " of " << text.size();
  }
  EXPECT_EQ(parse(cut_every(text, 1).pieces()), expected) << "byte by byte";
  EXPECT_EQ(parse(cut_every(text, 3).pieces()), expected) << "three bytes at a time";
  return expected;
}

// Feeds the pieces as a ByteStream does: `feed(std::span<char>)` returns how many bytes it consumed from the
// front, the rest is offered again with the next piece. Returns the bytes that were never consumed.
template <class Feed>
std::string feed_with_tail(Pieces pieces, Feed feed) {
  std::string tail;
  for (std::span<char> piece : pieces) {
    CutText offered;
    tail.append(piece.data(), piece.size());
    offered.add(tail);
    const std::span<char> bytes = offered.pieces()[0];
    const std::size_t consumed = feed(bytes);
    if (consumed > bytes.size()) {
      ADD_FAILURE() << "consumed " << consumed << " of " << bytes.size() << " bytes";
      return {};
    }
    // Bytes that were changed in place must have been consumed.
    EXPECT_EQ(std::string_view(bytes.data() + consumed, bytes.size() - consumed),
              std::string_view(tail).substr(consumed));
    tail.erase(0, consumed);
  }
  return tail;
}

}  // namespace naru::test
