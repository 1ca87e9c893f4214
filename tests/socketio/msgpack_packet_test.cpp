#include "socketio/msgpack_packet.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "socketio/decoder.hpp"
#include "socketio/msgpack_reader.hpp"
#include "support/hex.hpp"

namespace naru::socketio {
namespace {

using test::from_hex;
using test::to_hex;
using Status = Decoding::Status;

// A packet's map from JSON text of its members; `@` stands for undefined.
std::string packed(std::string json) {
  std::string bytes;
  MsgpackWriter writer;
  EXPECT_TRUE(writer.value({json})) << json;
  bytes = writer.bytes();
  for (std::size_t at; (at = bytes.find("\xA1@")) != std::string::npos;)
    bytes.replace(at, 2, std::string("\xD4\0\0", 3));
  return bytes;
}

struct Decoded {
  explicit Decoded(std::string bytes) : message(std::move(bytes)), decoding(decode_msgpack(message, space)) {}
  std::string message;
  MsgpackSpace space;
  Decoding decoding;
  const IncomingPacket& packet() const { return decoding.packet; }
};

std::vector<std::string> texts(const ArgsView& arguments) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    all.emplace_back(arguments[i].text());
  return all;
}

struct Good {
  std::string json;
  PacketKind kind;
  std::string nsp;
  std::optional<std::uint64_t> id;
  std::string auth;
  std::vector<std::string> arguments;
};

TEST(MsgpackPacket, ReadsEveryForm) {
  const std::vector<Good> packets = {
      {R"({"type":0,"nsp":"/"})", PacketKind::connect, "/", {}, "", {}},
      {R"({"type":0,"nsp":"/","data":"@"})", PacketKind::connect, "/", {}, "", {}},
      {R"({"type":0,"nsp":"/a,b","data":{"token":[1]}})",
       PacketKind::connect,
       "/a,b",
       {},
       R"({"token":[1]})",
       {}},
      {R"({"type":0,"nsp":"","data":{}})", PacketKind::connect, "", {}, "{}", {}},
      {R"({"type":1,"nsp":"/chat"})", PacketKind::disconnect, "/chat", {}, "", {}},
      {R"({"type":1,"nsp":"/","data":"@","options":{"compress":true}})",
       PacketKind::disconnect,
       "/",
       {},
       "",
       {}},
      {R"({"type":2,"data":["say",1,{"a":[]}],"options":{"compress":true},"id":7,"nsp":"/"})",
       PacketKind::event,
       "/",
       7,
       "",
       {"\"say\"", "1", "{\"a\":[]}"}},
      {R"({"data":["say"],"id":"@","nsp":"/","type":2})", PacketKind::event, "/", {}, "", {"\"say\""}},
      {R"({"type":2,"nsp":"/","data":[5,"@",null]})", PacketKind::event, "/", {}, "", {"5", "null", "null"}},
      {R"({"type":2,"nsp":"/","data":["a"],"id":18446744073709551615})",
       PacketKind::event,
       "/",
       18446744073709551615U,
       "",
       {"\"a\""}},
      {R"({"type":3,"nsp":"/","id":0,"data":[]})", PacketKind::ack, "/", 0, "", {}},
      {R"({"type":3,"nsp":"/","id":13,"data":["ok",[1,2]]})",
       PacketKind::ack,
       "/",
       13,
       "",
       {"\"ok\"", "[1,2]"}},
      {R"({"type":2,"nsp":"/x","nsp":"/","data":{},"data":["a"],"type":3,"type":2})",
       PacketKind::event,
       "/",
       {},
       "",
       {"\"a\""}},
      {R"({"type":2,"nsp":"/","data":["a"],"__proto__":{"type":0},"":[[{}]]})",
       PacketKind::event,
       "/",
       {},
       "",
       {"\"a\""}},
  };
  for (const Good& good : packets) {
    SCOPED_TRACE(good.json);
    const Decoded decoded(packed(good.json));
    ASSERT_EQ(decoded.decoding.status, Status::packet) << decoded.decoding.error;
    EXPECT_EQ(decoded.packet().kind, good.kind);
    EXPECT_EQ(decoded.packet().nsp, good.nsp);
    EXPECT_EQ(decoded.packet().id, good.id);
    EXPECT_EQ(decoded.packet().auth.text, good.auth);
    EXPECT_EQ(texts(decoded.packet().arguments), good.arguments);
    EXPECT_EQ(decoded.decoding.storage, nullptr) << "nothing binary: nothing to keep";
  }
}

// As the official client sends them.
TEST(MsgpackPacket, ReadsTheClientsOwnBytes) {
  const Decoded connect(from_hex("83a47479706500a464617461d40000a36e7370a12f"));
  EXPECT_EQ(connect.packet().kind, PacketKind::connect);
  EXPECT_EQ(connect.packet().auth.text, "");
  const Decoded event(from_hex("83a47479706502a46461746193a26576d7000000000000000005c4020102a36e7370a12f"));
  ASSERT_EQ(event.decoding.status, Status::packet);
  EXPECT_EQ(event.packet().arguments.get<std::string>(1), "1970-01-01T00:00:00.005Z");
  EXPECT_EQ(event.packet().arguments.get<Bytes>(2), Bytes::copy("\x01\x02"));
}

TEST(MsgpackPacket, WholeNumbersMayBeFloats) {
  const std::string two = "cb4000000000000000";
  const Decoded decoded(from_hex("84a474797065" + two + "a36e7370a12fa26964" + two + "a46461746191a161"));
  ASSERT_EQ(decoded.decoding.status, Status::packet) << decoded.decoding.error;
  EXPECT_EQ(decoded.packet().kind, PacketKind::event);
  EXPECT_EQ(decoded.packet().id, 2U);
}

TEST(MsgpackPacket, BinaryPartsOutliveTheMessage) {
  std::string message = from_hex("83a47479706502a36e7370a12fa46461746192a166c403616263");
  MsgpackSpace space;
  Decoding decoding = decode_msgpack(message, space);
  ASSERT_EQ(decoding.status, Status::packet);
  Bytes part = decoding.packet.arguments.get<Bytes>(1).value();
  message.assign(message.size(), 'x');
  decoding = {};
  EXPECT_EQ(part.view(), "abc");

  const Decoded auth(from_hex("83a47479706500a36e7370a12fa46461746181a16bc403616263"));
  ASSERT_EQ(auth.decoding.status, Status::packet);
  EXPECT_EQ(auth.packet().auth.text, R"({"k":{"_placeholder":true,"num":0}})");
  ASSERT_EQ(auth.packet().auth.attachments.size(), 1U);
}

struct Bad {
  std::string json;
  std::string_view error;
};

TEST(MsgpackPacket, RefusesWhatTheOfficialDecoderRefuses) {
  const auto payload = describe(DecodeError::bad_payload);
  const Bad packets[] = {
      {"{}", describe(DecodeError::unknown_type)},
      {"[]", "the packet is no map"},
      {"7", "the packet is no map"},
      {R"({"type":5,"nsp":"/","data":["a"]})", describe(DecodeError::unknown_type)},
      {R"({"type":-1,"nsp":"/"})", describe(DecodeError::unknown_type)},
      {R"({"type":"0","nsp":"/"})", describe(DecodeError::unknown_type)},
      {R"({"type":0.5,"nsp":"/"})", describe(DecodeError::unknown_type)},
      {R"({"type":null,"nsp":"/"})", describe(DecodeError::unknown_type)},
      {R"({"type":[0],"nsp":"/"})", describe(DecodeError::unknown_type)},
      {R"({"type":"@","nsp":"/"})", describe(DecodeError::unknown_type)},
      {R"({"nsp":"/","__proto__":{"type":0}})", describe(DecodeError::unknown_type)},
      {R"({"type":0})", describe(DecodeError::bad_namespace)},
      {R"({"type":0,"nsp":null})", describe(DecodeError::bad_namespace)},
      {R"({"type":0,"nsp":"@"})", describe(DecodeError::bad_namespace)},
      {R"({"type":0,"nsp":["/"]})", describe(DecodeError::bad_namespace)},
      {R"({"type":0,"nsp":"/","data":null})", payload},
      {R"({"type":0,"nsp":"/","data":[]})", payload},
      {R"({"type":0,"nsp":"/","data":"token"})", payload},
      {R"({"type":1,"nsp":"/","data":{}})", payload},
      {R"({"type":1,"nsp":"/","data":null})", payload},
      {R"({"type":2,"nsp":"/"})", payload},
      {R"({"type":2,"nsp":"/","data":"@"})", payload},
      {R"({"type":2,"nsp":"/","data":{"0":"a"}})", payload},
      {R"({"type":2,"nsp":"/","data":"say"})", payload},
      {R"({"type":3,"nsp":"/","id":1,"data":null})", payload},
      {R"({"type":2,"nsp":"/","data":["a"],"id":null})", describe(DecodeError::bad_ack_id)},
      {R"({"type":2,"nsp":"/","data":["a"],"id":"1"})", describe(DecodeError::bad_ack_id)},
      {R"({"type":2,"nsp":"/","data":["a"],"id":1.5})", describe(DecodeError::bad_ack_id)},
      {R"({"type":0,"nsp":"/","id":[]})", describe(DecodeError::bad_ack_id)},
  };
  for (const auto& [json, error] : packets) {
    const Decoded decoded(packed(json));
    EXPECT_EQ(decoded.decoding.status, Status::error) << json;
    EXPECT_EQ(decoded.decoding.error, error) << json;
  }
}

TEST(MsgpackPacket, RefusesWhatTheJsonProtocolRefuses) {
  const auto payload = describe(DecodeError::bad_payload);
  const Bad packets[] = {
      {R"({"type":4,"nsp":"/","data":{"message":"x"}})", describe(DecodeError::connect_error_from_client)},
      {R"({"type":4,"nsp":"/","data":"x"})", describe(DecodeError::connect_error_from_client)},
      {R"({"type":2,"nsp":"/","data":["a"],"id":-1})", describe(DecodeError::bad_ack_id)},
      {R"({"type":2,"nsp":"/","data":["a"],"id":18446744073709551616})", describe(DecodeError::bad_ack_id)},
      {R"({"type":3,"nsp":"/","data":[]})", describe(DecodeError::missing_ack_id)},
      {R"({"type":2,"nsp":"/","data":[]})", payload},
      {R"({"type":2,"nsp":"/","data":[null]})", payload},
      {R"({"type":2,"nsp":"/","data":["@"]})", payload},
      {R"({"type":2,"nsp":"/","data":[true]})", payload},
      {R"({"type":2,"nsp":"/","data":[["a"]]})", payload},
      {R"({"type":2,"nsp":"/","data":[{}]})", payload},
      {R"({"type":2,"nsp":"/","data":["connect"]})", describe(DecodeError::reserved_event)},
      {R"({"type":2,"nsp":"/","data":["disconnecting",1]})", describe(DecodeError::reserved_event)},
  };
  for (const auto& [json, error] : packets) {
    const Decoded decoded(packed(json));
    EXPECT_EQ(decoded.decoding.error, error) << json;
  }
}

TEST(MsgpackPacket, NamespacesAreBounded) {
  const std::string longest = "/" + std::string(kMaxNamespaceName - 1, 'n');
  EXPECT_EQ(Decoded(packed(R"({"type":0,"nsp":")" + longest + "\"}")).packet().nsp, longest);
  EXPECT_EQ(Decoded(packed(R"({"type":0,"nsp":")" + longest + "n\"}")).decoding.error,
            describe(DecodeError::namespace_too_long));
  EXPECT_EQ(Decoded(from_hex("82a47479706500a36e7370a12fff")).decoding.error,
            describe(MsgpackError::trailing_bytes));
  EXPECT_EQ(Decoded(from_hex("82a47479706500a36e7370a1ff")).decoding.error,
            describe(DecodeError::bad_namespace));
}

TEST(MsgpackPacket, CutAnywhereItIsRefused) {
  const std::string whole =
      packed(R"({"type":2,"data":["say",{"a":[1.5,"@"]}],"options":{"x":[1]},"id":300,"nsp":"/"})");
  ASSERT_EQ(Decoded(whole).decoding.status, Status::packet);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(Decoded(whole.substr(0, size)).decoding.error, describe(MsgpackError::truncated)) << size;
  EXPECT_EQ(Decoded(whole + whole).decoding.error, describe(MsgpackError::trailing_bytes));
}

std::string written(const OutgoingPacket& packet) {
  MsgpackWriter writer;
  return encode_msgpack(packet, writer) ? to_hex(writer.bytes()) : "no JSON";
}

// Byte for byte what npm's socket.io 4.8.4 sends with its parser (an absent pid and absent data excepted: it
// writes them as undefined).
TEST(MsgpackPacket, WritesWhatTheReferenceWrites) {
  const std::vector<Bytes> parts{Bytes::copy("\x01\x02")};
  EXPECT_EQ(written({.kind = PacketKind::event, .data = {R"("ev",1,{"_placeholder":true,"num":0})", parts}}),
            "83a47479706502a46461746193a2657601c4020102a36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::event, .id = 0, .data = {"\"ask\""}}),
            "84a47479706502a46461746191a361736ba2696400a36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::event, .data = {"\"all\",null"}}),
            "83a47479706502a46461746192a3616c6cc0a36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::ack, .id = 7, .data = {"\"ok\""}}),
            "84a2696407a47479706503a46461746191a26f6ba36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::connect, .data = {R"({"sid":"abc"})"}}),
            "83a47479706500a46461746181a3736964a3616263a36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::connect_error, .data = {R"({"message":"no","data":{"code":1}})"}}),
            "83a47479706504a46461746182a76d657373616765a26e6fa46461746181a4636f646501a36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::disconnect, .nsp = "/chat"}), "82a47479706501a36e7370a52f63686174");
  EXPECT_EQ(written({.kind = PacketKind::ack, .id = 1}), "84a2696401a47479706503a46461746190a36e7370a12f");
  EXPECT_EQ(written({.kind = PacketKind::event, .data = {"\"a\",{"}}), "no JSON");
}

TEST(MsgpackPacket, WhatItWritesItReads) {
  const std::vector<Bytes> parts{Bytes::copy("one"), Bytes()};
  const std::string_view arguments =
      R"("say",{"_placeholder":true,"num":1},[{"a":{"_placeholder":true,"num":0}}],-1.5)";
  MsgpackWriter writer;
  ASSERT_TRUE(encode_msgpack({.nsp = "/chat", .id = 5, .data = {arguments, parts}}, writer));
  const Decoded decoded{std::string(writer.bytes())};
  ASSERT_EQ(decoded.decoding.status, Status::packet) << decoded.decoding.error;
  EXPECT_EQ(decoded.packet().nsp, "/chat");
  EXPECT_EQ(decoded.packet().id, 5U);
  EXPECT_EQ(decoded.packet().arguments.size(), 4U);
  EXPECT_EQ(decoded.packet().arguments.get<Bytes>(1), Bytes());
  EXPECT_EQ(decoded.packet().arguments[2].text(), R"([{"a":{"_placeholder":true,"num":1}}])")
      << "numbered anew, in the order of the bytes";
}

TEST(MsgpackPacket, MemoryOfLargePacketsIsGivenBack) {
  MsgpackSpace space;
  const std::string large =
      packed(R"({"type":2,"nsp":"/","data":["a",")" + std::string(200'000, 'x') + "\"]}");
  ASSERT_EQ(decode_msgpack(large, space).status, Status::packet);
  EXPECT_GT(space.text.capacity(), 200'000U);
  const std::string small = packed(R"({"type":2,"nsp":"/","data":["a"]})");
  ASSERT_EQ(decode_msgpack(small, space).status, Status::packet);
  EXPECT_LT(space.text.capacity(), 100'000U);
}

}  // namespace
}  // namespace naru::socketio
