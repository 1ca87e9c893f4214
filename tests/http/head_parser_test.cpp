#include "http/head_parser.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/split_everywhere.hpp"

namespace naru::http {
namespace {

// The limits, each from both sides; what is refused for its form is in http1_table_test.cpp.
int status_of(std::string_view text, const HeadLimits& limits = {}) {
  return test::expect_same_when_split(text, [&](test::Pieces pieces) {
    HeadParser parser(limits);
    for (const std::span<char> piece : pieces) {
      const HeadStep step = parser.feed({piece.data(), piece.size()});
      if (step.state == HeadState::complete) return 200;
      if (step.state == HeadState::refused) return parser.status();
      EXPECT_EQ(step.consumed, piece.size());
    }
    return 0;
  });
}

std::string with_target(std::size_t size) {
  return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

TEST(HeadParser, TheTargetLimitIsExact) {
  HeadLimits limits;
  limits.max_target = 100;
  EXPECT_EQ(status_of(with_target(100), limits), 200);
  EXPECT_EQ(status_of(with_target(101), limits), 414);
  EXPECT_EQ(status_of(with_target(101).substr(0, 101), limits), 0);
  EXPECT_EQ(status_of(std::string(300, 'a'), limits), 414);
}

TEST(HeadParser, TheHeadLimitIsExact) {
  const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nName: ";
  HeadLimits limits;
  limits.max_head = 100;
  const std::string fits = begin + std::string(100 - begin.size() - 4, 'v') + "\r\n\r\n";
  ASSERT_EQ(fits.size(), 100U);
  EXPECT_EQ(status_of(fits, limits), 200);
  EXPECT_EQ(status_of(begin + std::string(100 - begin.size() - 3, 'v') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(status_of(begin + std::string(1000, 'v'), limits), 431);
}

TEST(HeadParser, TheNumberOfFieldsIsExact) {
  HeadLimits limits;
  limits.max_fields = 3;
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\n\r\n", limits), 200);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", limits), 431);
}

TEST(HeadParser, NothingBehindTheHeadIsTaken) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  HeadParser parser({});
  const HeadStep step = parser.feed(head + "GET /next");
  EXPECT_EQ(step.state, HeadState::complete);
  EXPECT_EQ(step.consumed, head.size());
}

TEST(HeadParser, AWrongLineIsRefusedBeforeTheRestHasCome) {
  HeadParser parser({});
  EXPECT_EQ(parser.feed("GET /\r\n").state, HeadState::refused);
  HeadParser second({});
  EXPECT_EQ(second.feed("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n").state, HeadState::refused);
  EXPECT_EQ(second.status(), 400);
  EXPECT_FALSE(second.reason().empty());
}

TEST(HeadParser, IsFreshUntilARequestBegins) {
  HeadParser parser({});
  parser.feed("\r\n");
  EXPECT_TRUE(parser.is_fresh());
  parser.feed("G");
  EXPECT_FALSE(parser.is_fresh());
}

TEST(HeadParser, AWholeHeadAndNothingElse) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_TRUE(parse_request_head(head));
  EXPECT_FALSE(parse_request_head(head + "x"));
  EXPECT_FALSE(parse_request_head(head.substr(0, head.size() - 1)));
}

}  // namespace
}  // namespace naru::http
