// RFC 6455 from a client's side: a server's bytes into whole messages, and masked frames to answer with.
//
//   WebSocketFrames frames(kMaxPiece);
//   frames.add(bytes);
//   while (auto frame = frames.next()) …
//   if (!frames.fault().empty()) …
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace apps {

struct WebSocketFrame {
  enum class Kind { text, binary, ping, pong, close };
  Kind kind = Kind::text;
  std::string payload = {};
};

class WebSocketFrames {
 public:
  explicit WebSocketFrames(std::size_t longest) : longest_(longest) {}

  void add(std::string_view bytes) { bytes_.append(bytes); }
  // The next whole message or control frame.
  std::optional<WebSocketFrame> next();
  // What the server does wrong; nothing comes any more then.
  const std::string& fault() const { return fault_; }

 private:
  struct Head {
    bool is_final = false;
    unsigned opcode = 0;
    std::size_t size = 0;    // of the head
    std::size_t length = 0;  // of the payload
  };
  std::optional<Head> head();
  std::optional<WebSocketFrame> control(const Head& head);
  std::optional<WebSocketFrame> data(const Head& head);
  std::nullopt_t break_off(std::string sentence);
  std::string take(const Head& head);

  const std::size_t longest_;
  std::string bytes_;
  std::size_t at_ = 0;  // what is before has been used
  std::optional<WebSocketFrame> begun_;
  std::string fault_;
};

// A whole frame, masked as a client's have to be (5.3).
std::string client_frame(WebSocketFrame::Kind kind, std::string_view payload,
                         std::array<unsigned char, 4> mask);

// "1001 going away": what a Close says; "1005" when it says nothing.
std::string close_sentence(std::string_view payload);

}  // namespace apps
