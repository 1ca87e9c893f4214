#include "serve/feed_publisher.hpp"

#include <algorithm>
#include <utility>

#include "base/json_scanner.hpp"
#include "base/json_text.hpp"
#include "hub/channels.hpp"
#include "naru/errc.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_publish.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {

// Answers come from any thread: they find the publisher on its loop, or nobody.
struct FeedPublisher::Link {
  FeedPublisher* publisher;  // the loop's own
  const std::shared_ptr<hub::LoopGroup> loops;
  const hub::LoopIndex home;

  // `act(FeedPublisher&)` on the loop: now, or by a post.
  template <class Act>
  static void bring(const std::shared_ptr<Link>& link, Act act) {
    auto arrive = [link, act = std::move(act)]() mutable {
      if (link->publisher != nullptr) act(*link->publisher);
    };
    if (link->loops->is_here(link->home)) return arrive();
    // What one connection may ask for at a time is bounded.
    link->loops->post(link->home, std::move(arrive), 0, net::PostKind::control);
  }
};

FeedPublisher::FeedPublisher(LoopServer& server, const FeedEntry& entry, FeedPublisherEvents& events)
    : server_(server),
      events_(events),
      settings_(*entry.settings),
      feed_(entry.feed),
      handshake_(entry.handshake),
      channels_(entry.request.channels),
      permissions_(channels_.size()),
      link_(std::make_shared<Link>(Link{this, server.shared().loops, server.index()})) {
  const auto most = static_cast<double>(settings_.max_publishes_per_second);
  if (most > 0)
    rate_ = std::make_unique<base::TokenBucket>(base::TokenRate{.per_second = most, .burst = most});
}

FeedPublisher::~FeedPublisher() {
  link_->publisher = nullptr;
  stop();
}

void FeedPublisher::stop() {
  asked_.reset();
  scope_->cancel(make_error_code(errc::disconnected));
}

std::optional<std::string_view> FeedPublisher::take(std::string_view frame) {
  if (base::check_json(frame)) return "a frame is one JSON object";
  const auto object = base::find_member(frame, "publish");
  if (!object) return "a frame is an object with `publish`";
  const std::string_view id = base::find_member(frame, "id").value_or("");
  // What is refused below counts too: it costs us as much.
  if (rate_ && !rate_->take(server_.loop().now())) {
    return refuse("at most " + std::to_string(settings_.max_publishes_per_second) + " messages a second",
                  id.size() > kMaxId ? std::string_view() : id),
           std::nullopt;
  }
  if (id.size() > kMaxId) return refuse("id has at most 256 bytes", ""), std::nullopt;
  channel::PublishLine line;
  if (auto fault = channel::parse_publish_value(*object, line)) return refuse(*fault, id), std::nullopt;
  if (line.message.data.size() > settings_.max_message)
    return refuse("a message has at most " + std::to_string(settings_.max_message) + " bytes", id),
           std::nullopt;
  const auto channel = find_channel(line.channel);
  if (!channel) {
    return refuse(line.channel.empty() ? "channel says which of the channels is meant"
                                       : "this connection has no channel of that name",
                  id),
           std::nullopt;
  }
  if (!is_settled(permissions_[*channel])) return ask(*channel, std::move(line), id), std::nullopt;
  return follow_verdict(*channel, std::move(line), id), std::nullopt;
}

std::optional<std::size_t> FeedPublisher::find_channel(const std::string& name) const {
  if (name.empty() && channels_.size() == 1) return 0;
  const auto found = std::find(channels_.begin(), channels_.end(), name);
  if (found == channels_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - channels_.begin());
}

// A verdict that has ended is none any more.
bool FeedPublisher::is_settled(Permission& permission) const {
  if (permission.until && server_.loop().clock().wall() >= *permission.until) permission = {};
  return permission.state != Permission::State::unknown;
}

void FeedPublisher::ask(std::size_t channel, channel::PublishLine line, std::string_view id) {
  asked_ = std::make_unique<Asked>(Asked{channel, std::move(line), std::string(id)});
  FeedQuestion question;
  question.parts.push_back({FeedAction::publish, settings_.prefix + channels_[channel]});
  question.request = handshake_;
  settings_.hooks->authorize(feed_, std::move(question), scope_, Decision([link = link_](Verdict verdict) {
                               Link::bring(link, [verdict = std::move(verdict)](FeedPublisher& publisher) {
                                 publisher.decided(verdict);
                               });
                             }));
}

void FeedPublisher::decided(const Verdict& verdict) {
  const std::unique_ptr<Asked> asked = std::move(asked_);
  if (asked == nullptr) return;
  Permission& permission = permissions_[asked->channel];
  permission.state = verdict.is_allowed() ? Permission::State::allowed : Permission::State::refused;
  permission.until = verdict.expires();
  if (!verdict.is_allowed()) {
    log_peer(Level::info, "feed", handshake_->address + " may not publish: " + verdict.sentence());
    permission.refusal = error_text(verdict.sentence(), verdict.data());
    permission.refusal.pop_back();
  }
  follow_verdict(asked->channel, std::move(asked->line), asked->id);
  events_.on_publisher_changed();
}

void FeedPublisher::follow_verdict(std::size_t channel, channel::PublishLine line, std::string_view id) {
  const Permission& permission = permissions_[channel];
  if (permission.state == Permission::State::refused) return reply(permission.refusal, id);
  publish(channel, std::move(line), id);
}

void FeedPublisher::publish(std::size_t channel, channel::PublishLine line, std::string_view id) {
  ++pending_;
  auto done = [link = link_, id = std::string(id)](Result<store::Published> at) mutable {
    Link::bring(link, [id = std::move(id), at = std::move(at)](FeedPublisher& publisher) {
      publisher.published(at, id);
    });
  };
  server_.channels().all().publish(settings_.prefix + channels_[channel], std::move(line.message),
                                   line.idempotency_key, std::move(done));
}

void FeedPublisher::published(const Result<store::Published>& at, std::string_view id) {
  --pending_;
  if (at) {
    std::string text = R"({"published":{"position":")" + at->position.text();
    reply(text += at->repeated ? R"(","repeated":true})" : R"(","repeated":false})", id);
  } else {
    refuse(refusal_of(at.error()).sentence, id);
  }
  events_.on_publisher_changed();
}

void FeedPublisher::refuse(std::string_view sentence, std::string_view id) {
  std::string text = error_text(sentence);
  text.pop_back();
  reply(std::move(text), id);
}

// `text`: an object without its last brace.
void FeedPublisher::reply(std::string text, std::string_view id) {
  if (!id.empty()) text.append(R"(,"id":)").append(id);
  events_.on_reply(text += '}');
}

}  // namespace naru::serve
