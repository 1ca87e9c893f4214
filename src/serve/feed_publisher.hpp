// What one WebSocket publishes to its feed's channels: frames in, answers out, in the frames of
// docs/protocol/channels.md. The feed's gate is asked once for each channel, and again when its verdict ends.
//
//   if (auto fault = publisher_.take(frame)) close(1007, *fault);       // nothing that a client may send
//   if (publisher_.is_full()) websocket_.pause_reading();               // until on_publisher_changed()
//
// Messages are numbered in the order of the frames: while the gate is asked about one, nothing more is to be
// taken. So what it holds is one message, and short answers that are owed. On its loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/token_bucket.hpp"
#include "channel/publish_line.hpp"
#include "naru/completion.hpp"
#include "naru/result.hpp"
#include "naru/verdict.hpp"
#include "serve/feed_application.hpp"
#include "store/durable_log.hpp"

namespace naru::serve {

class LoopServer;

class FeedPublisherEvents {
 public:
  virtual ~FeedPublisherEvents() = default;
  // A text frame for the client.
  virtual void on_reply(std::string_view text) = 0;
  // is_full() may have become false.
  virtual void on_publisher_changed() = 0;
};

class FeedPublisher {
 public:
  // Publishes whose answers are owed; further frames wait with the client.
  static constexpr std::size_t kMaxPending = 64;
  // Bytes of the `id` that a client gives a publish: a number or a UUID, with room.
  static constexpr std::size_t kMaxId = 256;

  // `channels`: as the client names them; all outlive it but the entry's parts that are copied.
  FeedPublisher(LoopServer& server, const FeedEntry& entry, FeedPublisherEvents& events);
  // What was given to the store is published; nobody is told. And as stop().
  ~FeedPublisher();
  FeedPublisher(const FeedPublisher&) = delete;
  FeedPublisher& operator=(const FeedPublisher&) = delete;

  // One text frame. A sentence when it is no publish at all; what is wrong inside of one is answered.
  // REQUIRES: !is_full().
  std::optional<std::string_view> take(std::string_view frame);
  // The connection may nothing more: the message that waits for its gate is not published.
  void stop();
  bool is_full() const noexcept { return asked_ != nullptr || pending_ >= kMaxPending; }

 private:
  // What the gate has said of one channel.
  struct Permission {
    enum class State : std::uint8_t { unknown, allowed, refused };
    State state = State::unknown;
    std::optional<Verdict::Time> until{};
    std::string refusal{};  // an answer without its last brace
  };
  // The message that the gate is asked about.
  struct Asked {
    std::size_t channel = 0;
    channel::PublishLine line{};
    std::string id{};
  };
  struct Link;  // to who may be gone when an answer comes

  std::optional<std::size_t> find_channel(const std::string& name) const;
  bool is_settled(Permission& permission) const;
  void ask(std::size_t channel, channel::PublishLine line, std::string_view id);
  void decided(const Verdict& verdict);
  void follow_verdict(std::size_t channel, channel::PublishLine line, std::string_view id);
  void publish(std::size_t channel, channel::PublishLine line, std::string_view id);
  void published(const Result<store::Published>& at, std::string_view id);
  void refuse(std::string_view sentence, std::string_view id);
  void reply(std::string text, std::string_view id);

  LoopServer& server_;
  FeedPublisherEvents& events_;
  const FeedSettings& settings_;
  const std::uint32_t feed_;
  const SharedHandshake handshake_;
  const std::vector<std::string> channels_;
  std::vector<Permission> permissions_;  // by channel
  std::unique_ptr<Asked> asked_;
  std::size_t pending_ = 0;
  std::unique_ptr<base::TokenBucket> rate_;  // null: no limit
  const std::shared_ptr<Link> link_;
  const std::shared_ptr<CancelScope> scope_ = std::make_shared<CancelScope>();
};

}  // namespace naru::serve
