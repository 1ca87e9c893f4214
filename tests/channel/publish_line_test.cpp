#include "channel/publish_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "channel/key_table.hpp"
#include "channel/message_text.hpp"
#include "channel/publication_fixture.hpp"

namespace naru::channel {
namespace {

PublishLine parsed(std::string_view text) {
  PublishLine line;
  const auto fault = parse_publish(text, line);
  EXPECT_EQ(fault, std::nullopt) << text;
  return line;
}
std::string fault_of(std::string_view text) {
  PublishLine line;
  const auto fault = parse_publish(text, line);
  EXPECT_TRUE(fault) << text;
  return fault.value_or("");
}

TEST(PublishLine, TakesAllItsMembers) {
  const PublishLine line = parsed(
      R"( {"channel":"news","data":{"n": 1},"event":"goal","key":"7","headers":{"A":"b"},"idempotency_key":"i-1"} )");
  EXPECT_EQ(line.channel, "news");
  EXPECT_EQ(line.message.kind, Kind::json);
  EXPECT_EQ(line.message.data.view(), R"({"n": 1})");
  EXPECT_EQ(line.message.event, "goal");
  EXPECT_EQ(line.message.key, "7");
  EXPECT_EQ(line.message.headers, R"({"a":"b"})");
  EXPECT_EQ(line.idempotency_key, "i-1");
}

TEST(PublishLine, KindFollowsTheMember) {
  EXPECT_EQ(parsed(R"({"data":null})").message.data.view(), "null");
  EXPECT_EQ(parsed(R"({"data":null,"type":"application/json"})").message.type, "");
  const PublishLine text = parsed(R"({"text":"a\nb","type":"text/html"})");
  EXPECT_EQ(text.message.kind, Kind::text);
  EXPECT_EQ(text.message.data.view(), "a\nb");
  EXPECT_EQ(text.message.type, "text/html");
  EXPECT_EQ(parsed(R"({"text":"","type":"text/plain;charset=utf-8"})").message.type, "");
  const PublishLine bytes = parsed(R"({"base64":"AP8=","type":"image/png"})");
  EXPECT_EQ(bytes.message.kind, Kind::binary);
  EXPECT_EQ(bytes.message.data.view(), std::string_view("\0\xFF", 2));
  EXPECT_EQ(bytes.message.type, "image/png");
  EXPECT_EQ(parsed(R"({"base64":""})").message.type, "application/octet-stream");
}

TEST(PublishLine, EmptyTextsAreNotGiven) {
  const PublishLine line =
      parsed(R"({"data":1,"event":"","key":"","type":"","headers":{},"idempotency_key":""})");
  EXPECT_EQ(line.message.event + line.message.key + line.message.type + line.message.headers, "");
  EXPECT_EQ(line.idempotency_key, "");
  EXPECT_EQ(line.channel, "");
}

TEST(PublishLine, AMessageThatWasReadMayBePublishedAgain) {
  Message message = message_of(Kind::binary, "hello");
  message.event = "goal";
  message.key = "7";
  message.type = "image/png";
  message.headers = R"({"a":"b"})";
  std::string object;
  append_message(object, *publication_of(message, 42), {.channel = "news"});
  const PublishLine line = parsed(object);
  std::string again;
  append_message(again, *publication_of(line.message, 42), {.channel = line.channel});
  EXPECT_EQ(again, object);
}

TEST(PublishLine, NothingStaysFromTheLineBefore) {
  PublishLine line =
      parsed(R"({"channel":"a","text":"x","event":"e","type":"text/html","idempotency_key":"k"})");
  EXPECT_EQ(parse_publish(R"({"data":1})", line), std::nullopt);
  EXPECT_EQ(line.channel + line.message.event + line.message.type + line.idempotency_key, "");
  EXPECT_EQ(line.message.kind, Kind::json);
}

struct Faulty {
  std::string text;
  std::string sentence;
};

TEST(PublishLine, SaysWhatIsWrong) {
  const std::string kOne = "one of data, text and base64 says what is published";
  const std::vector<Faulty> table = {
      {"", "not JSON: the text ends too early"},
      {"[]", "what is published is an object"},
      {"\"text\"", "what is published is an object"},
      {"{}", kOne},
      {R"({"data":1,"text":""})", kOne},
      {R"({"text":"","base64":""})", kOne},
      {R"({"text":1})", "text is a text"},
      {R"({"base64":[]})", "base64 is a text"},
      {R"({"base64":"AP8"})", "base64 is a text of RFC 4648 section 4, padded"},
      {R"({"data":1,"type":"text/plain"})", "type goes with text and base64; data is application/json"},
      {R"({"text":"","type":"html"})", "a media type looks like image/png"},
      {R"({"text":"","type":"a/\u00e4"})", "a media type looks like image/png"},
      {R"({"text":"","type":7})", "type is a text"},
      {R"({"data":1,"event":7})", "event is a text"},
      {R"({"data":1,"event":"a\nb"})", "the event name is UTF-8 without control characters"},
      {R"({"data":1,"key":"a\rb"})", "the message key is UTF-8 without control characters"},
      {R"({"data":1,"key":null})", "key is a text"},
      {R"({"data":1,"idempotency_key":{}})", "idempotency_key is a text"},
      {R"({"data":1,"idempotency_key":"\u0000"})", "the idempotency key is UTF-8 without control characters"},
      {R"({"data":1,"headers":[]})", "headers is an object of texts"},
      {R"({"data":1,"headers":{"a":1}})", "headers is an object of texts"},
      {R"({"data":1,"headers":{"a b":""}})", "a header's name is 1 to 64 letters, digits, _ and -"},
      {R"({"data":1,"headers":{"a":"","A":""}})", "a header comes twice"},
      {R"({"data":1,"channel":""})", "channel has 1 to 256 bytes of UTF-8 without control characters"},
      {R"({"data":1,"channel":7})", "channel is a text"},
      {R"({"data":1,"channel":"a@presence"})", "nobody but the server publishes who is present"},
  };
  for (const Faulty& faulty : table) {
    if (faulty.text.empty()) {
      EXPECT_TRUE(fault_of(faulty.text).starts_with("not JSON: "));
    } else {
      EXPECT_EQ(fault_of(faulty.text), faulty.sentence) << faulty.text;
    }
  }
}

TEST(PublishLine, LengthsHaveLimits) {
  const auto line = [](std::string_view member, std::size_t size) {
    return "{\"data\":1,\"" + std::string(member) + "\":\"" + std::string(size, 'x') + "\"}";
  };
  parsed(line("event", kMaxEventSize));
  EXPECT_EQ(fault_of(line("event", kMaxEventSize + 1)), "the event name is longer than 256 bytes");
  parsed(line("key", kMaxKeySize));
  EXPECT_EQ(fault_of(line("key", kMaxKeySize + 1)), "the message key is longer than 256 bytes");
  parsed(line("idempotency_key", kMaxIdempotencyKeySize));
  EXPECT_EQ(fault_of(line("idempotency_key", kMaxIdempotencyKeySize + 1)),
            "the idempotency key is longer than 200 bytes");
  const std::string type = "a/" + std::string(kMaxTypeSize - 2, 'b');
  parsed(R"({"text":"","type":")" + type + "\"}");
  EXPECT_EQ(fault_of(R"({"text":"","type":")" + type + "b\"}"), "the media type is longer than 128 bytes");
}

}  // namespace
}  // namespace naru::channel
