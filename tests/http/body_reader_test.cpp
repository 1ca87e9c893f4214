#include "http/body_reader.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/split_everywhere.hpp"

namespace naru::http {
namespace {

// The body, then how it went, then what is left.
std::string read(BodyReader reader, test::Pieces pieces) {
  std::string body;
  std::string left;
  for (const std::span<char> piece : pieces) {
    std::string_view bytes(piece.data(), piece.size());
    while (!bytes.empty() && reader.state() == BodyState::more) {
      const BodyStep step = reader.feed(bytes);
      EXPECT_GT(step.consumed, 0U);
      body += step.piece;
      bytes.remove_prefix(step.consumed);
    }
    left += bytes;
  }
  if (reader.state() == BodyState::complete) return body + "|done|" + left;
  return body + (reader.state() == BodyState::more ? "|more" : "|" + std::to_string(reader.status()));
}

std::string chunked(std::string_view text, const BodyLimits& limits = {}) {
  return test::expect_same_when_split(
      text, [&](test::Pieces pieces) { return read(BodyReader(BodyKind::chunked, 0, limits), pieces); });
}

TEST(BodyReader, Length) {
  const auto outcome = test::expect_same_when_split("hello, world", [](test::Pieces pieces) {
    return read(BodyReader(BodyKind::length, 5, BodyLimits()), pieces);
  });
  EXPECT_EQ(outcome, "hello|done|, world");
  EXPECT_EQ(BodyReader(BodyKind::none, 0, BodyLimits()).state(), BodyState::complete);
}

TEST(BodyReader, Chunks) {
  EXPECT_EQ(chunked("5\r\nhello\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\n\r\nnext"), "hello0123456789|done|next");
  EXPECT_EQ(chunked("1 ;a\r\nx\r\n0;b\r\nTrailer: value\r\n\r\n"), "x|done|");
  EXPECT_EQ(chunked("5\r\nhel"), "hel|more");
  EXPECT_EQ(chunked("1 \r\nx\r\n"), "|400");
  EXPECT_EQ(chunked("1;a\x01\r\nx\r\n"), "|400");
}

TEST(BodyReader, TheChunkLineLimitIsExact) {
  BodyLimits limits;
  limits.max_chunk_line = 20;
  const std::string extension(18, 'e');  // with the size and ';' 20 bytes
  EXPECT_EQ(chunked("1;" + extension + "\r\nx\r\n0\r\n\r\n", limits), "|400") << "CR counts too";
  EXPECT_EQ(chunked("1;" + extension.substr(1) + "\r\nx\r\n0\r\n\r\n", limits), "x|done|");
}

TEST(BodyReader, TheChunkLineLimitIsOfEachLine) {
  BodyLimits limits;
  limits.max_chunk_line = 20;
  std::string text;
  for (int count = 0; count < 10; ++count)
    text += "1;extension\r\nx\r\n";
  EXPECT_EQ(chunked(text + "0\r\n\r\n", limits), "xxxxxxxxxx|done|");
}

TEST(BodyReader, TheTrailerLimitIsExact) {
  BodyLimits limits;
  limits.max_trailers = 11;
  // "Name: abc" CR LF, and the CR that ends.
  EXPECT_EQ(chunked("0\r\nName: ab\r\n\r\n", limits), "|done|");
  EXPECT_EQ(chunked("0\r\nName: abc\r\n\r\n", limits), "|431");
}

TEST(BodyReader, TheSumOfChunksIsLimited) {
  BodyLimits limits;
  limits.max_body = 10;
  EXPECT_EQ(chunked("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", limits), "helloworld|done|");
  EXPECT_EQ(chunked("5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n", limits), "hello|413");
  EXPECT_EQ(chunked("5\r\nhello\r\nFFFFFFFFFFFFFFFB\r\nworld", limits), "hello|413") << "the sum would wrap";
}

TEST(BodyReader, AnAnnouncedLengthIsLimited) {
  BodyLimits limits;
  limits.max_body = 10;
  EXPECT_EQ(BodyReader(BodyKind::length, 10, limits).state(), BodyState::more);
  BodyReader reader(BodyKind::length, 11, limits);
  EXPECT_TRUE(reader.is_too_large());
  reader.set_limit(11);
  EXPECT_EQ(reader.state(), BodyState::more);
  reader.set_limit(0);
  EXPECT_TRUE(reader.is_too_large());
}

}  // namespace
}  // namespace naru::http
