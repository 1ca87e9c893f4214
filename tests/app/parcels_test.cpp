#include "app/parcels.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/hex.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::from_hex;
using test::RunningServer;
using test::SocketIoClient;
using test::to_hex;

// The default parser, which counts, and fails where it is told to.
class OddParser final : public Parser {
 public:
  mutable std::atomic<int> written{0};

  std::unique_ptr<PacketDecoder> make_decoder(const ParserLimits& limits) const override {
    return std::make_unique<Decoder>(json_parser()->make_decoder(limits));
  }
  void encode(const OutgoingPacket& packet, MessageSink& out) const override {
    ++written;
    if (packet.data.text.find("bad") == std::string_view::npos) return json_parser()->encode(packet, out);
    out.text({"half of it"});
    throw std::runtime_error("not this one");
  }

 private:
  class Decoder final : public PacketDecoder {
   public:
    explicit Decoder(std::unique_ptr<PacketDecoder> usual) : usual_(std::move(usual)) {}
    Decoding decode(std::string_view message, bool is_binary) override {
      if (message == "throw") throw std::runtime_error("unreadable");
      Decoding decoding = usual_->decode(message, is_binary);
      if (message == "2[\"nameless\"]") decoding.packet.arguments = ArgsView();
      return decoding;
    }

   private:
    std::unique_ptr<PacketDecoder> usual_;
  };
};

class ParcelsTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
  std::shared_ptr<OddParser> odd = std::make_shared<OddParser>();
};
INSTANTIATE_TEST_SUITE_P(Loops, ParcelsTest, testing::Values(1U, 2U));

TEST_P(ParcelsTest, ABroadcastIsEncodedOnce) {
  Namespace& io = server->io({.parser = odd});
  const auto serving = server.start();
  SocketIoClient clients[] = {SocketIoClient(server.port()), SocketIoClient(server.port()),
                              SocketIoClient(server.port())};
  for (SocketIoClient& client : clients)
    client.connect();
  const int before = odd->written;
  io.emit("news", 1, Bytes::copy("part"));
  for (SocketIoClient& client : clients) {
    EXPECT_EQ(client.read(), R"(51-["news",1,{"_placeholder":true,"num":0}])");
    EXPECT_EQ(client.read(), "part");
  }
  EXPECT_EQ(odd->written, before + 1);
}

TEST_P(ParcelsTest, WhatAParserDoesNotWriteIsNotSent) {
  Namespace& io = server->io({.parser = odd});
  io.on("ask", [](Socket& socket, std::string text, Ack ack) {
    EXPECT_EQ(socket.emit("said", text), text == "bad" ? SendStatus::dropped : SendStatus::sent);
    ack(text);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["ask","bad"])");
  client.send(R"(22["ask","good"])");
  EXPECT_EQ(client.read(), R"(2["said","good"])");
  EXPECT_EQ(client.read(), R"(32["good"])");
  io.emit("bad");
  io.emit("good");
  EXPECT_EQ(client.read(), R"(2["good"])");
}

TEST_P(ParcelsTest, ADecoderThatFailsEndsItsConnectionOnly) {
  server->io({.parser = odd});
  const auto serving = server.start();
  SocketIoClient other(server.port());
  other.connect();
  for (const char* bad : {"throw", "2[\"nameless\"]"}) {
    SocketIoClient client(server.port());
    client.connect();
    client.send(bad);
    EXPECT_TRUE(client.is_ended()) << bad;
  }
  other.send("0/nowhere,");
  EXPECT_EQ(other.read(), R"(4/nowhere,{"message":"Invalid namespace"})");
}

TEST_P(ParcelsTest, NoParserIsRefusedAtOnce) {
  EXPECT_THROW(server->io({.parser = nullptr}), std::logic_error);
}

TEST_P(ParcelsTest, MsgpackPacketsAreBinaryMessages) {
  Namespace& io = server->io({.parser = msgpack_parser()});
  io.on("echo", [](Socket&, RawJsonView value, Ack ack) { ack(value); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send_binary(from_hex("83a47479706500a46461746181a16bc4020102a36e7370a12f"));
  EXPECT_TRUE(to_hex(client.read()).starts_with("83a47479706500a46461746181a3736964b4"));
  client.send_binary(from_hex("84a47479706502a46461746192a46563686fc4020102a2696407a36e7370a12f"));
  EXPECT_EQ(to_hex(client.read()), "84a2696407a47479706503a46461746191c4020102a36e7370a12f");
  io.emit("all", Bytes::copy("x"));
  EXPECT_EQ(to_hex(client.read()), "83a47479706502a46461746192a3616c6cc40178a36e7370a12f");
  client.send("2[\"text\"]");
  EXPECT_TRUE(client.is_ended());
}

TEST_P(ParcelsTest, AuthKeepsItsBinaryParts) {
  Namespace& io = server->io({.parser = msgpack_parser()});
  io.on_connection([](Socket& socket) {
    socket.emit("key", socket.handshake().auth.get<Bytes>("k").value_or(Bytes::copy("none")));
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send_binary(from_hex("83a47479706500a46461746181a16bc4020102a36e7370a12f"));
  client.read();
  EXPECT_EQ(to_hex(client.read()), "83a47479706502a46461746192a36b6579c4020102a36e7370a12f");
}

}  // namespace
}  // namespace naru
