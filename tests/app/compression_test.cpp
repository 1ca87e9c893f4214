#include "naru/compression.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace naru {
namespace {

using test::masked_frame;
using test::RawClient;
using test::RunningServer;

constexpr std::string_view kOffer =
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

// What the server has agreed on; the connection is then open.
std::string agreed_on(RawClient& client, std::string_view target) {
  client.send(test::websocket_request(target, kOffer));
  const test::HttpAnswer answer = read_answer(client, false);
  EXPECT_EQ(answer.status, 101);
  return answer.field("sec-websocket-extensions").value_or("");
}

// The first byte of the next frame, whose payload is thrown away.
unsigned next_frame(RawClient& client) {
  const std::string header = client.read(2);
  const unsigned length = static_cast<unsigned char>(header[1]);
  std::size_t size = length;
  if (length == 126) {
    const std::string more = client.read(2);
    size = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) << 8 |
           static_cast<unsigned char>(more[1]);
  }
  client.read(size);
  return static_cast<unsigned char>(header[0]);
}

class CompressionTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, CompressionTest, testing::Values(1U, 2U));

const std::vector<std::string> kDoors = {"/ws", "/engine.io/?EIO=4&transport=websocket",
                                         "/socket.io/?EIO=4&transport=websocket"};

TEST_P(CompressionTest, IsOffUnlessEnabled) {
  server->ws("/ws", {});
  server->engine({});
  server->io();
  const auto serving = server.start();
  for (const std::string& door : kDoors) {
    RawClient client(server.port());
    EXPECT_EQ(agreed_on(client, door), "") << door;
  }
}

TEST_P(CompressionTest, IsAgreedOnAtEveryDoor) {
  server->ws("/ws", {.compression = {.enabled = true}});
  server->engine({.per_message_deflate = {.enabled = true}});
  server->io({.per_message_deflate = {.enabled = true}});
  const auto serving = server.start();
  for (const std::string& door : kDoors) {
    RawClient client(server.port());
    EXPECT_EQ(agreed_on(client, door),
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover")
        << door;
  }
}

TEST_P(CompressionTest, AMessageMayBeSentAsItIs) {
  auto answer = [](auto& socket, Message message) {
    message.compress = message.data.front() == 'y';
    socket.send(message);
  };
  server->ws("/ws", {.compression = {.enabled = true, .threshold = 100},
                     .on_message = [answer](WebSocket& ws, Message message) { answer(ws, message); }});
  server->engine({.per_message_deflate = {.enabled = true, .threshold = 100}})
      .on_message([answer](EngineSocket& socket, Message message) { answer(socket, message); });
  const auto serving = server.start();
  for (const auto& [door, digit] : {std::pair(kDoors[0], ""), std::pair(kDoors[1], "4")}) {
    RawClient client(server.port());
    agreed_on(client, door);
    if (door == kDoors[1]) next_frame(client);  // the handshake packet
    client.send(masked_frame(1, digit + std::string(200, 'y')) +
                masked_frame(1, digit + std::string(200, 'n')) +
                masked_frame(1, digit + std::string(50, 'y')));
    EXPECT_EQ(next_frame(client), 0xC1U);
    EXPECT_EQ(next_frame(client), 0x81U);
    EXPECT_EQ(next_frame(client), 0x81U);
  }
}

// `socket.compress(false).emit(…)`, to one and to many; and the modifier does not outlive its emit.
TEST_P(CompressionTest, AnEventMayBeSentAsItIs) {
  const std::string text(200, 'x');
  Namespace& io = server->io({.per_message_deflate = {.enabled = true, .threshold = 100}});
  io.on("go", [&](Socket& socket) {
    socket.emit("one", text);
    socket.compress(false).emit("two", text);
    socket.compress(true).emit("three", text);
    io.compress(false).emit("four", text);
    io.to(socket.id()).compress(false).emit("five", text);
    io.emit("six", text);
    socket.compress(true).emit("short");
  });
  const auto serving = server.start();
  RawClient client(server.port());
  agreed_on(client, kDoors[2]);
  client.send(masked_frame(1, "40"));
  next_frame(client);  // the handshake packet
  next_frame(client);  // CONNECT
  client.send(masked_frame(1, R"(42["go"])"));
  for (const unsigned expected : {0xC1U, 0x81U, 0xC1U, 0x81U, 0x81U, 0xC1U, 0x81U})
    EXPECT_EQ(next_frame(client), expected);
}

TEST_P(CompressionTest, WhatZlibCannotDoIsRefusedAtSetup) {
  const std::vector<std::pair<CompressionOptions, bool>> cases = {
      {{.level = 0}, false},
      {{.level = 1}, true},
      {{.level = 9}, true},
      {{.level = 10}, false},
      {{.server_max_window_bits = 7}, false},
      {{.server_max_window_bits = 8}, true},
      {{.server_max_window_bits = 15}, true},
      {{.server_max_window_bits = 16}, false},
      {{.client_max_window_bits = 7}, false},
      {{.client_max_window_bits = 8}, true},
      {{.client_max_window_bits = 15}, true},
      {{.client_max_window_bits = 16}, false},
  };
  int number = 0;
  for (const auto& [options, is_fine] : cases) {
    const std::string path = "/number" + std::to_string(++number);
    const std::vector<std::function<void()>> setups = {
        [&, &options = options] { server->ws(path, {.compression = options}); },
        [&, &options = options] { server->engine({.path = path, .per_message_deflate = options}); },
    };
    for (const auto& setup : setups) {
      if (is_fine) {
        EXPECT_NO_THROW(setup()) << number;
      } else {
        EXPECT_THROW(setup(), std::logic_error) << number;
      }
    }
  }
}

}  // namespace
}  // namespace naru
