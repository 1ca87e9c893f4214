// Small blocking clients on plain sockets, which share no code with what they test: bytes, HTTP, WebSocket.
//
//   RawClient client(port);
//   client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
//   HttpAnswer answer = read_answer(client);
//
// Everything throws std::runtime_error when the peer ends, or says nothing for kPatience.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "support/mailbox.hpp"

namespace naru::test {

class RawClient {
 public:
  // `receive_buffer`: bytes that the kernel may hold for us; small for a reader that is to be slow.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const timeval limit{kPatience.count(), 0};
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect");
    }
  }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() { close(); }

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  // The peer gets a reset instead of an end.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("cannot send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  std::string read(std::size_t count) {
    while (unread_.size() < count)
      receive();
    return take(count);
  }
  // With the delimiter.
  std::string read_until(std::string_view delimiter) {
    std::size_t at = 0;
    while ((at = unread_.find(delimiter)) == std::string::npos)
      receive();
    return take(at + delimiter.size());
  }
  // Everything up to the peer's end; a reset is an end too.
  std::string read_to_end() {
    while (try_receive()) {
    }
    return std::exchange(unread_, {});
  }
  // The peer has ended the connection and nothing is unread.
  bool is_at_end() { return unread_.empty() && !try_receive(); }

 private:
  void receive() {
    if (!try_receive()) throw std::runtime_error("the server has ended the connection");
  }
  bool try_receive() {
    char buffer[16 * 1024];
    const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count > 0) unread_.append(buffer, static_cast<std::size_t>(count));
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      throw std::runtime_error("the server says nothing");
    }
    return count > 0;
  }
  std::string take(std::size_t count) {
    std::string taken = unread_.substr(0, count);
    unread_.erase(0, count);
    return taken;
  }

  int socket_;
  std::string unread_;
};

struct HttpAnswer {
  int status = 0;
  std::string head;  // status line and fields
  std::string body;

  std::optional<std::string> field(std::string_view name) const {
    auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
    std::string text = head;
    std::transform(text.begin(), text.end(), text.begin(), lower);
    std::string key = "\r\n" + std::string(name) + ": ";
    std::transform(key.begin(), key.end(), key.begin(), lower);
    const std::size_t at = text.find(key);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t begin = at + key.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

inline std::string read_chunks(RawClient& client) {
  std::string body;
  for (;;) {
    const std::size_t size = std::stoul(client.read_until("\r\n"), nullptr, 16);
    body += client.read(size);
    client.read(2);
    if (size == 0) return body;
  }
}

inline HttpAnswer read_answer(RawClient& client, bool has_body = true) {
  HttpAnswer answer;
  answer.head = client.read_until("\r\n\r\n");
  answer.status = std::stoi(answer.head.substr(9, 3));
  if (!has_body || answer.status == 101 || answer.status == 204 || answer.status == 304) return answer;
  if (auto length = answer.field("content-length")) {
    answer.body = client.read(std::stoul(*length));
  } else if (answer.field("transfer-encoding")) {
    answer.body = read_chunks(client);
  } else {
    answer.body = client.read_to_end();
  }
  return answer;
}

// `fields` end with CRLF each.
inline std::string request_text(std::string_view method, std::string_view target,
                                std::string_view fields = {}, std::string_view body = {}) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append("\r\n").append(body);
}

inline HttpAnswer ask(RawClient& client, std::string_view method, std::string_view target,
                      std::string_view fields = {}, std::string_view body = {}) {
  client.send(request_text(method, target, fields, body));
  return read_answer(client, method != "HEAD");
}
inline HttpAnswer ask(std::uint16_t port, std::string_view method, std::string_view target,
                      std::string_view fields = {}, std::string_view body = {}) {
  RawClient client(port);
  return ask(client, method, target, fields, body);
}

struct WebSocketFrame {
  int opcode = 0;  // 1 text, 2 binary, 8 close, 9 ping, 10 pong
  std::string data = {};

  int close_code() const {
    if (opcode != 8 || data.size() < 2) return 0;
    return static_cast<unsigned char>(data[0]) << 8 | static_cast<unsigned char>(data[1]);
  }
};

// A whole frame as a client sends it. The mask is fixed: nothing here depends on its being random.
inline std::string masked_frame(int opcode, std::string_view data) {
  constexpr std::string_view kMask = "\x11\x22\x33\x44";
  std::string frame(1, static_cast<char>(0x80 | opcode));
  if (data.size() < 126) {
    frame += static_cast<char>(0x80 | data.size());
  } else {
    const int bytes = data.size() < 65536 ? 2 : 8;
    frame += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
    for (int i = bytes - 1; i >= 0; --i)
      frame += static_cast<char>(data.size() >> (8 * i) & 0xff);
  }
  frame += kMask;
  for (std::size_t i = 0; i < data.size(); ++i)
    frame += static_cast<char>(data[i] ^ kMask[i % 4]);
  return frame;
}

inline std::string websocket_request(std::string_view target, std::string_view fields = {}) {
  return request_text("GET", target,
                      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                          std::string(fields));
}

class WebSocketClient {
 public:
  WebSocketClient(std::uint16_t port, std::string_view target, std::string_view fields = {},
                  int receive_buffer = 0)
      : client_(port, receive_buffer) {
    client_.send(websocket_request(target, fields));
    const HttpAnswer answer = read_answer(client_, false);
    if (answer.status != 101) throw std::runtime_error("no WebSocket: " + answer.head);
  }
  // A connection that was upgraded by hand.
  explicit WebSocketClient(RawClient client) : client_(std::move(client)) {}

  RawClient& raw() { return client_; }
  void send(std::string_view text) { client_.send(masked_frame(1, text)); }
  void send_binary(std::string_view bytes) { client_.send(masked_frame(2, bytes)); }
  void send_close() { client_.send(masked_frame(8, "\x03\xe8")); }

  // Pings are answered on the way.
  WebSocketFrame read() {
    for (;;) {
      WebSocketFrame frame = read_frame();
      if (frame.opcode != 9) return frame;
      client_.send(masked_frame(10, frame.data));
    }
  }
  std::string read_text() {
    WebSocketFrame frame = read();
    if (frame.opcode != 1) throw std::runtime_error("no text: opcode " + std::to_string(frame.opcode));
    return std::move(frame.data);
  }
  // The close code of the server's goodbye, which is answered; 0 when there is none in it.
  int read_close() {
    WebSocketFrame frame = read();
    while (frame.opcode != 8)
      frame = read();
    client_.send(masked_frame(8, frame.data));
    return frame.close_code();
  }

 private:
  WebSocketFrame read_frame() {
    const std::string head = client_.read(2);
    WebSocketFrame frame{.opcode = head[0] & 0x0f};
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const std::string longer = client_.read(size == 126 ? 2 : 8);
      size = 0;
      for (const char byte : longer)
        size = size << 8 | static_cast<unsigned char>(byte);
    }
    frame.data = client_.read(size);
    return frame;
  }

  RawClient client_;
};

}  // namespace naru::test
