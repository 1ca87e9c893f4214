// A WebSocket on a connection of libcurl's (for TLS and proxies); handshake and frames are ours, since Debian
// 12's libcurl has none.
//
//   WebSocketClient socket(stop);
//   if (auto ending = socket.open(url, fields)) return *ending;
//   std::string text;
//   while (!(ending = socket.receive(text))) …
//
// One thread. Answers pings by itself.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naru/client/channel_reader.hpp"
#include "naru/client/stop.hpp"
#include "naru/client/websocket_frames.hpp"

namespace apps {

class WebSocketClient {
 public:
  // `silence`: so long nothing may come.
  WebSocketClient(const Stop& stop, std::chrono::milliseconds silence);
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;
  ~WebSocketClient();

  // Why there is none, or nothing. `url` begins with http: or https:.
  std::optional<Ending> open(const std::string& url, const std::vector<std::string>& fields);
  // The next text message, or why there will be none.
  std::optional<Ending> receive(std::string& text);
  // False when the connection is broken; receive() says why.
  bool send(std::string_view text) { return send_frame(WebSocketFrame::Kind::text, text); }
  // Says goodbye; the answer is not waited for.
  void close();
  void allow_silence(std::chrono::milliseconds silence) { silence_ = silence; }

 private:
  std::optional<Ending> connect(const std::string& url);
  std::optional<Ending> shake_hands(const std::string& url, const std::vector<std::string>& fields);
  std::optional<Ending> read_head(std::string& head);
  Ending refusal(const std::string& head);
  // Appends what is there, waits when nothing is.
  std::optional<Ending> read_some(std::string& into);
  std::optional<Ending> wait(short events);
  bool send_frame(WebSocketFrame::Kind kind, std::string_view payload);
  bool write(std::string_view bytes);

  const Stop& stop_;
  std::chrono::milliseconds silence_;
  std::unique_ptr<void, void (*)(void*)> easy_;
  WebSocketFrames frames_;
};

}  // namespace apps
