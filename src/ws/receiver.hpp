// A client's bytes into messages: the reading half of RFC 6455 and RFC 7692, with no stream and no clock.
//
// A message that is whole in the given bytes is unmasked in place and handed over without a copy. Anything
// else (fragments, what is compressed) is collected in one buffer that grows with the bytes that really came,
// never with an announced length, up to max_message. Text is checked as it arrives and refused at the first
// byte that can no longer become UTF-8.
//
//   Receiver receiver(limits, events);
//   std::size_t consumed = receiver.feed(bytes);     // what is not consumed is offered again with more
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ws/close_code.hpp"
#include "ws/frame_header.hpp"

namespace naru::ws {

// Views live during the call. stop() may be called from inside each of them; the receiver must outlive the
// call.
class ReceiverEvents {
 public:
  virtual ~ReceiverEvents() = default;
  virtual void on_message(std::string_view data, bool binary) = 0;
  virtual void on_ping(std::string_view payload) = 0;
  virtual void on_pong(std::string_view payload) = 0;
  // A valid Close frame; the receiver takes nothing more.
  virtual void on_close_frame(std::uint16_t code, std::string_view reason) = 0;
  // The peer broke a rule; the receiver takes nothing more. `sentence` is a literal that says which.
  virtual void on_failure(CloseCode code, std::string_view sentence) = 0;
};

struct ReceiverLimits {
  // Bytes of one message, after inflating; more is 1009. As Socket.IO's maxHttpBufferSize.
  std::size_t max_message = 1'000'000;
  std::size_t max_fragments =
      65'536;  // frames of one message; more is 1008: each costs a header, none need carry data
};

class Inflater;
struct Breach;

class Receiver {
 public:
  // `inflater`: messages may be compressed; null: that was not agreed on. All must outlive the receiver.
  Receiver(const ReceiverLimits& limits, ReceiverEvents& events, Inflater* inflater = nullptr) noexcept;
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  // Takes what it can from the front and returns how many bytes that were; they may have been changed in
  // place. At most 138 bytes (a header and a control payload) are left for more to come, but after stop()
  // anything may be. After the last event everything is taken and thrown away.
  std::size_t feed(std::span<char> bytes);

  // No further event until start(): what follows is left unconsumed.
  void stop() noexcept { is_stopped_ = true; }
  void start() noexcept { is_stopped_ = false; }
  // Takes and throws away everything from now on.
  void discard() noexcept;

  // Bytes held for a message that is not complete.
  std::size_t buffered() const noexcept;

 private:
  enum class State : std::uint8_t { header, payload, done };
  struct Header;
  struct Unfinished;

  std::size_t feed_header(std::span<char> bytes);
  std::size_t feed_payload(std::span<char> bytes);
  std::size_t take_control(const Header& header, std::span<char> bytes);
  std::size_t take_whole_message(const Header& header, std::span<char> bytes);
  void take_close(std::string_view payload);
  // Each is false after it has failed the connection.
  bool check_first_bytes(const Header& header, unsigned first, unsigned second);
  bool check_reserved(const Header& header, unsigned reserved);
  bool check_long_length(std::uint64_t length, std::size_t bytes);
  bool begin_frame(const Header& header);
  void end_frame();
  bool fail(CloseCode code, std::string_view sentence);
  bool fail(const Breach& breach);

  const ReceiverLimits& limits_;
  ReceiverEvents& events_;
  Inflater* const inflater_;
  std::unique_ptr<Unfinished> unfinished_;  // a message of which a part has come
  State state_ = State::header;
  bool is_stopped_ = false;
};

}  // namespace naru::ws
