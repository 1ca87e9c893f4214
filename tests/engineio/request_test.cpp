#include "engineio/request.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace naru::engineio {
namespace {

Request polling_get() {
  return {.method = "GET", .eio = "4", .transport = "polling"};
}
Request websocket_get() {
  return {.method = "GET", .is_upgrade = true, .eio = "4", .transport = "websocket"};
}
Request with_sid(Request request, std::optional<Transport> session) {
  request.sid = "sid";
  request.session = session;
  return request;
}

std::optional<ErrorCode> code_of(const Request& request) {
  const RequestVerdict verdict = verify(request);
  if (!verdict.refusal) return std::nullopt;
  return verdict.refusal->code;
}

TEST(VerifyRequest, TellsTheFiveKindsApart) {
  EXPECT_EQ(verify(polling_get()).kind, RequestKind::handshake_polling);
  EXPECT_EQ(verify(websocket_get()).kind, RequestKind::handshake_websocket);
  EXPECT_EQ(verify(with_sid(polling_get(), Transport::polling)).kind, RequestKind::poll);
  Request post = with_sid(polling_get(), Transport::polling);
  post.method = "POST";
  EXPECT_EQ(verify(post).kind, RequestKind::post);
  EXPECT_EQ(verify(with_sid(websocket_get(), Transport::polling)).kind, RequestKind::upgrade);
  EXPECT_EQ(verify(with_sid(websocket_get(), Transport::websocket)).kind, RequestKind::upgrade)
      << "the session itself refuses a second WebSocket";
  for (const Request& request : {polling_get(), websocket_get(), post})
    EXPECT_FALSE(verify(request).refusal);
}

TEST(VerifyRequest, UnknownTransportsAreCode0) {
  for (const std::string_view name :
       {"", "abc", "constructor", "__proto__", "webtransport", "Polling", "polling "}) {
    Request request = polling_get();
    request.transport = name;
    EXPECT_EQ(code_of(request), ErrorCode::unknown_transport) << name;
  }
  Request none = polling_get();
  none.transport.reset();
  EXPECT_EQ(code_of(none), ErrorCode::unknown_transport);
  Request not_offered = websocket_get();
  not_offered.allows_websocket = false;
  EXPECT_EQ(code_of(not_offered), ErrorCode::unknown_transport);
  not_offered = polling_get();
  not_offered.allows_polling = false;
  EXPECT_EQ(code_of(not_offered), ErrorCode::unknown_transport);
}

TEST(VerifyRequest, UnknownSidIsCode1WhateverTheMethod) {
  for (const std::string_view method : {"GET", "POST", "PUT", "OPTIONS"}) {
    Request request = with_sid(polling_get(), std::nullopt);
    request.method = method;
    EXPECT_EQ(code_of(request), ErrorCode::unknown_sid) << method;
  }
  EXPECT_EQ(code_of(with_sid(websocket_get(), std::nullopt)), ErrorCode::unknown_sid);
}

TEST(VerifyRequest, HandshakesAreGetOnly) {
  for (const std::string_view method : {"POST", "PUT", "DELETE", "OPTIONS", "HEAD", "get"}) {
    Request request = polling_get();
    request.method = method;
    EXPECT_EQ(code_of(request), ErrorCode::bad_handshake_method) << method;
  }
}

TEST(VerifyRequest, EmptySidIsNoSid) {
  Request request = polling_get();
  request.sid = "";
  EXPECT_EQ(verify(request).kind, RequestKind::handshake_polling);
  EXPECT_EQ(code_of(request), std::nullopt);
}

TEST(VerifyRequest, TransportAndUpgradeMustAgree) {
  Request request = websocket_get();
  request.is_upgrade = false;
  EXPECT_EQ(code_of(request), ErrorCode::bad_request);
  EXPECT_EQ(verify(request).refusal->context, "TRANSPORT_HANDSHAKE_ERROR");
  request = polling_get();
  request.is_upgrade = true;
  EXPECT_EQ(code_of(request), ErrorCode::bad_request);
  EXPECT_EQ(code_of(with_sid(request, Transport::polling)), ErrorCode::bad_request);
}

TEST(VerifyRequest, PollingASessionThatIsOnAWebSocketIsCode3) {
  EXPECT_EQ(code_of(with_sid(polling_get(), Transport::websocket)), ErrorCode::bad_request);
  EXPECT_EQ(verify(with_sid(polling_get(), Transport::websocket)).refusal->context, "TRANSPORT_MISMATCH");
  Request request = with_sid(websocket_get(), Transport::websocket);
  request.is_upgrade = false;
  EXPECT_EQ(code_of(request), ErrorCode::bad_request);
}

TEST(VerifyRequest, AnotherVersionThanTheSessionsIsCode3) {
  for (const std::optional<std::string_view> eio : {std::optional<std::string_view>("3"), {}}) {
    for (Request request : {polling_get(), websocket_get()}) {
      request = with_sid(request, Transport::polling);
      request.eio = eio;
      EXPECT_EQ(code_of(request), ErrorCode::bad_request);
      EXPECT_EQ(verify(request).refusal->context, "PROTOCOL_MISMATCH");
    }
  }
}

TEST(VerifyRequest, OtherMethodsWithAValidSidAreAnEmpty500) {
  for (const std::string_view method : {"PUT", "DELETE", "HEAD", "OPTIONS"}) {
    Request request = with_sid(polling_get(), Transport::polling);
    request.method = method;
    ASSERT_EQ(code_of(request), ErrorCode::method_not_handled) << method;
    const ErrorAnswer answer = refusal_answer(*verify(request).refusal, false);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body, "");
  }
}

TEST(VerifyRequest, OriginWithControlBytesIsCode3) {
  for (const std::string_view origin : {"http://a\x01", "\x7F", "a\r"}) {
    Request request = polling_get();
    request.origin = origin;
    EXPECT_EQ(code_of(request), ErrorCode::bad_request) << origin;
    EXPECT_EQ(verify(request).refusal->context, "INVALID_ORIGIN");
  }
  Request fine = polling_get();
  fine.origin = "http://example.com\t \xC3\xA4";
  EXPECT_EQ(code_of(fine), std::nullopt);
}

// Each request has every fault from its own on; the first in the order is what is answered.
TEST(VerifyRequest, ChecksInTheReferencesOrder) {
  Request request{.method = "PUT", .eio = "3", .transport = "nothing", .sid = "sid", .origin = "\x01"};
  EXPECT_EQ(code_of(request), ErrorCode::unknown_transport);
  request.transport = "websocket";
  EXPECT_EQ(verify(request).refusal->context, "INVALID_ORIGIN");
  request.origin = "http://example.com";
  EXPECT_EQ(code_of(request), ErrorCode::unknown_sid);
  request.sid.reset();
  EXPECT_EQ(code_of(request), ErrorCode::bad_handshake_method);
  request.method = "GET";
  EXPECT_EQ(verify(request).refusal->context, "TRANSPORT_HANDSHAKE_ERROR");
  request.is_upgrade = true;
  EXPECT_EQ(code_of(request), std::nullopt);
  EXPECT_EQ(verify_version(request)->code, ErrorCode::unsupported_protocol_version);
}

TEST(VerifyVersion, OnlyTheExactText4) {
  Request request = polling_get();
  EXPECT_FALSE(verify_version(request));
  for (const std::string_view version : {"3", "", "04", "4 ", "5", "44"}) {
    request.eio = version;
    EXPECT_TRUE(verify_version(request)) << version;
  }
  request.eio.reset();
  EXPECT_TRUE(verify_version(request));
}

TEST(RefusalAnswer, IsTheReferencesJson) {
  struct Case {
    ErrorCode code;
    int status;
    std::string_view body;
  };
  const std::vector<Case> cases = {
      {ErrorCode::unknown_transport, 400, R"({"code":0,"message":"Transport unknown"})"},
      {ErrorCode::unknown_sid, 400, R"({"code":1,"message":"Session ID unknown"})"},
      {ErrorCode::bad_handshake_method, 400, R"({"code":2,"message":"Bad handshake method"})"},
      {ErrorCode::bad_request, 400, R"({"code":3,"message":"Bad request"})"},
      {ErrorCode::forbidden, 403, R"({"code":4,"message":"Forbidden"})"},
      {ErrorCode::unsupported_protocol_version, 400,
       R"({"code":5,"message":"Unsupported protocol version"})"},
  };
  for (const Case& expected : cases) {
    const ErrorAnswer answer = refusal_answer({.code = expected.code}, false);
    EXPECT_EQ(answer.status, expected.status);
    EXPECT_EQ(answer.body, expected.body);
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_FALSE(answer.close);
    const ErrorAnswer upgrade = refusal_answer({.code = expected.code}, true);
    EXPECT_EQ(upgrade.status, 400);
    EXPECT_EQ(upgrade.body, error_message(expected.code));
    EXPECT_EQ(upgrade.content_type, "text/html");
    EXPECT_TRUE(upgrade.close);
  }
}

TEST(RefusalAnswer, CarriesTheUsersMessageEscaped) {
  EXPECT_EQ(refusal_answer({.code = ErrorCode::forbidden}, false, "no \"you\"").body,
            R"({"code":4,"message":"no \"you\""})");
  EXPECT_EQ(refusal_answer({.code = ErrorCode::forbidden}, true, "no").body, "no");
}

TEST(HandshakeJson, HasTheReferencesKeysInOrder) {
  SessionOptions options;
  EXPECT_EQ(
      handshake_json("abc", Transport::polling, options),
      R"({"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  EXPECT_EQ(handshake_json("abc", Transport::websocket, options),
            R"({"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  options.allow_upgrades = false;
  options.ping_interval = std::chrono::milliseconds(300);
  options.ping_timeout = std::chrono::milliseconds(200);
  options.max_payload = 100;
  EXPECT_EQ(handshake_json("a\"b", Transport::polling, options),
            R"({"sid":"a\"b","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":100})");
}

}  // namespace
}  // namespace naru::engineio
