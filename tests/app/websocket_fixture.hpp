// A server with bare WebSockets on one loop and on two, for the tests of the room.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "naru/websocket.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace naru {

using namespace std::chrono_literals;
using test::ask;
using test::Mailbox;
using test::masked_frame;
using test::RawClient;
using test::RunningServer;
using test::websocket_request;
using test::WebSocketClient;

class WebSocketTest : public testing::TestWithParam<unsigned> {
 protected:
  void serve_echo(std::string_view path = "/echo") {
    server->ws(path, {.on_message = [](WebSocket& ws, Message message) { ws.send(message); }});
  }
  RunningServer server{{.loops = GetParam(), .max_queued = 100'000}};
};

}  // namespace naru
