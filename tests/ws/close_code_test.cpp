#include "ws/close_code.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::ws {
namespace {

TEST(CloseCode, OnlyWhatTheSpecificationAllowsIsValid) {
  struct Range {
    int first, last;
    bool valid;
  };
  for (const Range& range :
       {Range{0, 999, false}, Range{1000, 1003, true}, Range{1004, 1006, false}, Range{1007, 1014, true},
        Range{1015, 2999, false}, Range{3000, 4999, true}, Range{5000, 65535, false}}) {
    for (int code = range.first; code <= range.last; ++code) {
      EXPECT_EQ(is_valid_close_code(static_cast<std::uint16_t>(code)), range.valid) << code;
    }
  }
}

TEST(CloseCode, PayloadIsCodeAndReason) {
  EXPECT_EQ(encode_close(1000, "").view(), "\x03\xE8");
  EXPECT_EQ(encode_close(1001, "going away").view(), "\x03\xE9going away");
}

TEST(CloseCode, NoStatusAndForbiddenCodesGiveAnEmptyPayload) {
  EXPECT_EQ(encode_close(1005, "lost").view(), "");
  EXPECT_EQ(encode_close(1006, "").view(), "");
  EXPECT_EQ(encode_close(7, "").view(), "");
}

TEST(CloseCode, LongReasonIsCutAtACharacter) {
  EXPECT_EQ(encode_close(1000, std::string(123, 'x')).view().size(), 125U);
  EXPECT_EQ(encode_close(1000, std::string(124, 'x')).view().size(), 125U);
  // 122 bytes and then a character of three: none of it fits.
  EXPECT_EQ(encode_close(1000, std::string(122, 'x') + "\xE2\x82\xAC").view().substr(2),
            std::string(122, 'x'));
  EXPECT_EQ(encode_close(1000, std::string(120, 'x') + "\xE2\x82\xAC").view().substr(2),
            std::string(120, 'x') + "\xE2\x82\xAC");
}

TEST(CloseCode, ParsingGivesBackWhatWasEncoded) {
  const ClosePayload payload = encode_close(4321, "caf\xC3\xA9");
  const ParsedClose parsed = parse_close(payload.view());
  EXPECT_FALSE(parsed.failure);
  EXPECT_EQ(parsed.status.code, 4321);
  EXPECT_EQ(parsed.status.reason, "caf\xC3\xA9");
  EXPECT_FALSE(parse_close("").failure);
  EXPECT_EQ(parse_close("").status.code, 1005);
}

TEST(CloseCode, BadPayloadsSayWhichCodeAnswersThem) {
  EXPECT_EQ(parse_close("\x03").failure, CloseCode::protocol_error);
  EXPECT_EQ(parse_close(std::string_view("\x00\x00", 2)).failure, CloseCode::protocol_error);
  EXPECT_EQ(parse_close("\x03\xED").failure, CloseCode::protocol_error) << "1005";
  EXPECT_EQ(parse_close("\x03\xE8\xFF").failure, CloseCode::invalid_payload);
  EXPECT_EQ(parse_close("\x03\xE8\xE2\x82").failure, CloseCode::invalid_payload);
}

}  // namespace
}  // namespace naru::ws
