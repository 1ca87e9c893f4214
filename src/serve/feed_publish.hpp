// Publishing by POST: the body is the data (docs/protocol/channels.md, "Publishing"). Answered once it is
// stored as the channel's durability asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/frame.hpp"
#include "channel/publish_line.hpp"
#include "naru/result.hpp"
#include "serve/feed_answer.hpp"
#include "serve/homing.hpp"
#include "store/durable_log.hpp"

namespace naru::serve {

class FeedPublish final : public Visitor {
 public:
  FeedPublish(FeedAnswer answer, FeedEntry entry);

  void start();
  void on_body(std::string_view piece) override;
  void on_body_end() override;
  void on_abort() override;

 private:
  std::optional<std::string> read_request(channel::PublishLine& line);
  void on_published(Result<store::Published> published);
  void refuse(FeedRefusal refusal);
  void leave();

  FeedAnswer answer_;
  FeedEntry entry_;
  base::FrameBuilder body_;  // at most max_message bytes
  Homing<FeedPublish> homing_;
};

// For exchanges whose bodies a door counts by itself, so that the refusal is in its own words.
inline constexpr std::uint64_t kOwnLimit = std::uint64_t{1} << 62;
// 413, where the head says already that the body is too large.
std::optional<FeedRefusal> refuse_large(const http::RequestHead& head, std::size_t most);
// 429, where the feed has a rate and this address is over it; and how long to wait.
bool refuse_rate(FeedAnswer& answer, const FeedSettings& settings, std::size_t messages);
// 403, where the verdict has ended while the body came.
bool refuse_expired(FeedAnswer& answer, const Verdict& verdict);
// What a client is told of a message that was not taken: 400 or 503.
FeedRefusal refusal_of(const Error& error);
// {"position":"…","repeated":false}
std::string published_text(const store::Published& published);

}  // namespace naru::serve
