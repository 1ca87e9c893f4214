// A Socket.IO client in the protocol's own words, over a WebSocket: a test writes and reads packets.
//
//   SocketIoClient client(port);
//   client.connect();                                // "40" and its answer
//   client.send(R"(21["sum",1,2])");
//   EXPECT_EQ(client.read(), "31[3]");
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/raw_client.hpp"

namespace naru::test {

class SocketIoClient {
 public:
  explicit SocketIoClient(std::uint16_t port, std::string_view fields = {}, int receive_buffer = 0,
                          std::string_view path = "/socket.io/")
      : websocket_(port, std::string(path) + "?EIO=4&transport=websocket", fields, receive_buffer) {
    if (const std::string open = websocket_.read_text(); open.front() != '0') {
      throw std::runtime_error("no handshake: " + open);
    }
  }

  WebSocketClient& websocket() { return websocket_; }
  RawClient& raw() { return websocket_.raw(); }

  // A packet without Engine.IO's digit.
  void send(std::string_view packet) { websocket_.send("4" + std::string(packet)); }
  void send_binary(std::string_view bytes) { websocket_.send_binary(bytes); }

  // The next packet; for a binary part its bytes. Heartbeats are answered on the way.
  std::string read() {
    for (;;) {
      WebSocketFrame frame = websocket_.read();
      if (frame.opcode == 2) return std::move(frame.data);
      if (frame.opcode != 1) throw std::runtime_error("closed: " + std::to_string(frame.close_code()));
      if (frame.data == "2") {
        websocket_.send("3");
      } else if (frame.data.front() == '4') {
        return frame.data.substr(1);
      } else {
        throw std::runtime_error("unexpected: " + frame.data);
      }
    }
  }

  // The socket's id.
  std::string connect(const std::string& nsp = "/", std::string_view auth = {}) {
    const std::string prefix = nsp == "/" ? "0" : "0" + nsp + ",";
    send(prefix + std::string(auth));
    const std::string answer = read();
    const std::size_t begin = prefix.size() + std::string_view(R"({"sid":")").size();
    if (!answer.starts_with(prefix + R"({"sid":")")) throw std::runtime_error("not let in: " + answer);
    return answer.substr(begin, answer.find('"', begin) - begin);
  }
  // The server has ended the connection; what it sent before is skipped. A goodbye is answered.
  bool is_ended() {
    try {
      websocket_.read_close();
    } catch (const std::runtime_error&) {  // ended without one, or silent: then the next read fails as well
    }
    raw().read_to_end();
    return true;
  }

 private:
  WebSocketClient websocket_;
};

}  // namespace naru::test
