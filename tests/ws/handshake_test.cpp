#include "ws/handshake.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/head_parser.hpp"

namespace naru::ws {
namespace {

constexpr std::string_view kKey = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::string_view kUpgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
constexpr std::string_view kVersion = "Sec-WebSocket-Version: 13\r\n";

http::RequestHead request(std::string_view fields, std::string_view method = "GET",
                          std::string_view version = "1.1") {
  std::string text =
      std::string(method) + " /chat HTTP/" + std::string(version) + "\r\nHost: example.com\r\n";
  text += fields;
  text += "\r\n";
  std::optional<http::RequestHead> head = http::parse_request_head(text);
  EXPECT_TRUE(head) << text;
  return head.value_or(http::RequestHead());
}
std::string fields(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts)
    all += part;
  return all;
}
int status_of(const Handshake& handshake) {
  if (const auto* refused = std::get_if<RefusedHandshake>(&handshake)) return refused->response.status;
  return std::get<AcceptedHandshake>(handshake).response.status;
}

TEST(Handshake, AnswersTheSpecificationsExample) {
  const Handshake handshake = accept_handshake(request(fields({kUpgrade, kVersion, kKey})));
  ASSERT_TRUE(std::holds_alternative<AcceptedHandshake>(handshake));
  const http::ResponseHead& response = std::get<AcceptedHandshake>(handshake).response;
  EXPECT_EQ(response.status, 101);
  EXPECT_EQ(response.fields.wire(),
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
}

TEST(Handshake, TokensComeInAnyCaseAndAmongOthers) {
  EXPECT_EQ(status_of(accept_handshake(request(
                fields({"upgrade: h2c, WebSocket\r\nCONNECTION: keep-alive, uPGRADE\r\n", kVersion, kKey})))),
            101);
}

TEST(Handshake, DeclinesExtensionsBySayingNothing) {
  const Handshake handshake = accept_handshake(request(
      fields({kUpgrade, kVersion, kKey,
              "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-unknown\r\n"})));
  ASSERT_TRUE(std::holds_alternative<AcceptedHandshake>(handshake));
  EXPECT_FALSE(std::get<AcceptedHandshake>(handshake).response.fields.find("sec-websocket-extensions"));
}

TEST(Handshake, AgreesOnCompressionWhenItIsEnabled) {
  const Handshake handshake = accept_handshake(
      request(fields({kUpgrade, kVersion, kKey,
                      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10\r\n"})),
      {.compression = {.enabled = true, .server_no_context_takeover = false}});
  ASSERT_TRUE(std::holds_alternative<AcceptedHandshake>(handshake));
  const AcceptedHandshake& accepted = std::get<AcceptedHandshake>(handshake);
  EXPECT_EQ(accepted.response.fields.find("sec-websocket-extensions"),
            "permessage-deflate; client_no_context_takeover; client_max_window_bits=10");
  ASSERT_TRUE(accepted.deflate);
  EXPECT_TRUE(accepted.deflate->client_no_context_takeover);
  EXPECT_EQ(accepted.deflate->client_max_window_bits, 10);
}

TEST(Handshake, RefusalsAreHttpAnswersThatSayWhy) {
  struct Case {
    std::string_view name;
    http::RequestHead head;
    int status;
  };
  const std::vector<Case> cases = {
      {"POST", request(fields({kUpgrade, kVersion, kKey}), "POST"), 405},
      {"HTTP/1.0", request(fields({kUpgrade, kVersion, kKey}), "GET", "1.0"), 426},
      {"no upgrade", request(fields({kVersion, kKey})), 426},
      {"no Connection", request(fields({"Upgrade: websocket\r\n", kVersion, kKey})), 426},
      {"other protocol", request(fields({"Upgrade: h2c\r\nConnection: Upgrade\r\n", kVersion, kKey})), 426},
      {"a body", request(fields({kUpgrade, kVersion, kKey, "Content-Length: 3\r\n"})), 426},
      {"no version", request(fields({kUpgrade, kKey})), 426},
      {"version 8", request(fields({kUpgrade, kKey, "Sec-WebSocket-Version: 8\r\n"})), 426},
      {"version 130", request(fields({kUpgrade, kKey, "Sec-WebSocket-Version: 130\r\n"})), 426},
      {"two versions", request(fields({kUpgrade, kKey, kVersion, kVersion})), 426},
      {"no key", request(fields({kUpgrade, kVersion})), 400},
      {"two keys", request(fields({kUpgrade, kVersion, kKey, kKey})), 400},
      {"empty key", request(fields({kUpgrade, kVersion, "Sec-WebSocket-Key:\r\n"})), 400},
      {"key of 15 bytes",
       request(fields({kUpgrade, kVersion, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA\r\n"})), 400},
      {"key of 17 bytes",
       request(fields({kUpgrade, kVersion, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=\r\n"})), 400},
      {"key without padding",
       request(fields({kUpgrade, kVersion, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n"})), 400},
      {"key that is not base64",
       request(fields({kUpgrade, kVersion, "Sec-WebSocket-Key: !!!!IHNhbXBsZSBub25jZQ==\r\n"})), 400},
  };
  for (const Case& expected : cases) {
    SCOPED_TRACE(expected.name);
    const Handshake handshake = accept_handshake(expected.head);
    ASSERT_TRUE(std::holds_alternative<RefusedHandshake>(handshake));
    const RefusedHandshake& refused = std::get<RefusedHandshake>(handshake);
    EXPECT_EQ(refused.response.status, expected.status);
    EXPECT_FALSE(refused.reason.empty());
    EXPECT_TRUE(refused.response.closes);
    if (expected.status == 426) {
      EXPECT_EQ(refused.response.fields.find("sec-websocket-version"), "13");
      EXPECT_EQ(refused.response.fields.find("upgrade"), "websocket");
    }
    if (expected.status == 405) {
      EXPECT_EQ(refused.response.fields.find("allow"), "GET");
    }
  }
}

TEST(Handshake, AgreesOnTheClientsFirstSubprotocolThatIsSpoken) {
  const std::vector<std::string> spoken = {"v1.chat", "v2.chat"};
  struct Case {
    std::string_view offer;
    std::string_view agreed;
  };
  for (const Case& expected :
       {Case{"Sec-WebSocket-Protocol: v2.chat, v1.chat\r\n", "v2.chat"},
        Case{"Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: v1.chat\r\n", "v1.chat"},
        Case{"Sec-WebSocket-Protocol: V1.CHAT\r\n", ""}, Case{"Sec-WebSocket-Protocol: v1\r\n", ""},
        Case{"", ""}}) {
    const Handshake handshake = accept_handshake(request(fields({kUpgrade, kVersion, kKey, expected.offer})),
                                                 {.subprotocols = spoken});
    ASSERT_TRUE(std::holds_alternative<AcceptedHandshake>(handshake));
    const AcceptedHandshake& accepted = std::get<AcceptedHandshake>(handshake);
    EXPECT_EQ(accepted.subprotocol, expected.agreed);
    EXPECT_EQ(accepted.response.fields.find("sec-websocket-protocol").value_or(""), expected.agreed);
  }
}

TEST(Handshake, WithoutSubprotocolsOfItsOwnTheServerNamesNone) {
  const Handshake handshake =
      accept_handshake(request(fields({kUpgrade, kVersion, kKey, "Sec-WebSocket-Protocol: any\r\n"})));
  EXPECT_FALSE(std::get<AcceptedHandshake>(handshake).response.fields.find("sec-websocket-protocol"));
}

}  // namespace
}  // namespace naru::ws
