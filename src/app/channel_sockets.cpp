#include "app/channel_sockets.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "channel/channel_name.hpp"
#include "channel/page_text.hpp"
#include "channel/publish_line.hpp"
#include "hub/channels.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_publish.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {
namespace {

using serve::FeedAction;

void refuse_to(Ack& ack, std::string_view sentence) {
  ack(RawJson{serve::error_text(sentence)});
}

hub::Channels& all_channels() {
  return serve::LoopServer::here()->channels().all();
}

void answer_published(Ack& ack, const Result<store::Published>& at) {
  if (!at) return refuse_to(ack, serve::refusal_of(at.error()).sentence);
  std::string text = R"({"position":")" + at->position.text();
  ack(RawJson{text += at->repeated ? R"(","repeated":true})" : R"(","repeated":false})"});
}

std::optional<std::string> parse(const RawJson& json, channel::PublishLine& line) {
  if (!json.attachments.empty()) return "binary data is published as base64";
  if (auto fault = channel::parse_publish_value(json.text, line)) return fault;
  if (line.channel.empty()) return "channel says where it is published";
  return std::nullopt;
}

// Whether the gate lets it do what it asked for; if not, it is told, when it is still there.
bool is_let_in(const Result<Verdict>& verdict, const Socket& socket, Ack& ack) {
  if (!verdict || !socket.connected()) return false;
  if (!verdict->is_allowed()) ack(RawJson{serve::error_text(verdict->sentence(), verdict->data())});
  return verdict->is_allowed();
}

std::string text_of(const channel::Page& page) {
  std::size_t bytes = 256;
  for (const channel::PublicationRef& message : page.messages)
    bytes += message->cost();
  channel::PageText text(bytes);
  for (const channel::PublicationRef& message : page.messages)
    text.add(*message);
  return std::move(text).finish(page.end.text(), page.more, page.start);
}

}  // namespace

ChannelSockets::ChannelSockets(Namespace& nsp, Feeds& feeds, std::size_t loops)
    : feeds_(feeds), parts_(loops) {
  nsp.on("follow", [this](Socket& socket, RawJson json, Ack ack) {
    return follow(socket, std::move(json), std::move(ack));
  });
  nsp.on("unfollow", [this](Socket& socket, RawJson json, Ack ack) { unfollow(socket, json, ack); });
  nsp.on("publish", [this](Socket& socket, RawJson json, Ack ack) {
    return publish(socket, std::move(json), std::move(ack));
  });
  nsp.on("history", [this](Socket& socket, RawJson json, Ack ack) {
    return history(socket, std::move(json), std::move(ack));
  });
  nsp.on_drain([this](Socket& socket) {
    const auto found = here().guests.find(socket.record().get());
    if (found == here().guests.end()) return;
    for (const auto& follow : found->second.follows)
      follow->drained();
  });
  nsp.on_disconnect([this](Socket& socket, std::string_view) { leave(*socket.record()); });
}

// Perhaps from inside of an event of what it follows: that is freed when nothing of it is on the stack.
void ChannelSockets::leave(const SocketRecord& socket) {
  auto guest = here().guests.extract(&socket);
  if (guest.empty()) return;
  for (auto& follow : guest.mapped().follows) {
    follow->stop();
    serve::LoopServer::here()->loop().dispose(std::move(follow));
  }
}

ChannelSockets::Part& ChannelSockets::here() {
  return parts_[hub::LoopGroup::current_loop()];
}

std::optional<std::uint32_t> ChannelSockets::feed_of(const std::string& channel, Ack& ack) const {
  const auto feed = feeds_.find_socketio(channel);
  const bool is_presence = channel::presence_subject(channel).has_value();
  if (feed && (!is_presence || feeds_.settings(*feed).limits.has_presence)) return feed;
  refuse_to(ack, "this channel is not served here");
  return std::nullopt;
}

Later<Verdict> ChannelSockets::ask(std::uint32_t feed, FeedAction action, const std::string& channel,
                                   const Socket& socket) {
  const auto subject = channel::presence_subject(channel);
  if (action == FeedAction::follow && subject) action = FeedAction::presence;
  std::vector<Feeds::Part> parts;
  parts.push_back({action, action == FeedAction::presence ? std::string(*subject) : channel});
  Completion<Verdict> completion;
  Later<Verdict> verdict = completion.later();
  feeds_.ask(feed, std::move(parts), socket.handshake(), socket.record()->scope,
             Decision([completion = std::move(completion)](Verdict decided) mutable {
               completion.complete(std::move(decided));
             }));
  return verdict;
}

// --- follow ---

Task<> ChannelSockets::follow(Socket socket, RawJson json, Ack ack) {
  ChannelRequest request;
  if (const auto fault = parse(json, request)) {
    refuse_to(ack, *fault);
    co_return;
  }
  const auto feed = feed_of(request.channel, ack);
  if (!feed) co_return;
  Later<Verdict> asked = ask(*feed, FeedAction::follow, request.channel, socket);
  const Result<Verdict> verdict = co_await std::move(asked);
  if (!is_let_in(verdict, socket, ack)) co_return;
  begin(socket, request, *feed, *verdict, std::move(ack));
}

void ChannelSockets::begin(const Socket& socket, const ChannelRequest& request, std::uint32_t feed,
                           const Verdict& verdict, Ack ack) {
  auto& follows = guest(socket).follows;
  const serve::FeedSettings& settings = feeds_.settings(feed);
  for (const auto& other : follows) {
    if (other->channel() == request.channel) return refuse_to(ack, "this channel is followed already");
  }
  if (follows.size() >= settings.limits.max_channels) {
    return refuse_to(ack, "a socket follows at most " + std::to_string(settings.limits.max_channels) +
                              " channels at a time");
  }
  follows.push_back(
      std::make_unique<SocketFollow>(socket.record(), request.channel, settings, here().parcels));
  SocketFollow& follow = *follows.back();
  follow.admit(verdict, request.client.empty() ? socket.id() : request.client);
  follow.start(channel::Since::parse(request.since, channel::Since::Kind::last), std::move(ack),
               [this, record = socket.record().get(), &follow] { end(record, &follow); });
}

void ChannelSockets::unfollow(const Socket& socket, const RawJson& json, Ack& ack) {
  ChannelRequest request;
  if (const auto fault = parse(json, request)) return refuse_to(ack, *fault);
  auto& follows = guest(socket).follows;
  const auto found = std::find_if(follows.begin(), follows.end(),
                                  [&](const auto& follow) { return follow->channel() == request.channel; });
  if (found == follows.end()) return refuse_to(ack, "this channel is not followed");
  const std::unique_ptr<SocketFollow> ended = std::move(*found);
  follows.erase(found);
  ended->unfollowed();
  ack(RawJson{"{}"});
}

// As above.
void ChannelSockets::end(const SocketRecord* socket, const SocketFollow* follow) {
  const auto guest = here().guests.find(socket);
  if (guest == here().guests.end()) return;
  auto& follows = guest->second.follows;
  const auto found =
      std::find_if(follows.begin(), follows.end(), [&](const auto& each) { return each.get() == follow; });
  if (found == follows.end()) return;
  serve::LoopServer::here()->loop().dispose(std::move(*found));
  follows.erase(found);
}

// --- publish and read ---

bool ChannelSockets::may_publish_now(const Socket& socket, std::uint32_t feed) {
  const std::size_t most = feeds_.settings(feed).max_publishes_per_second;
  if (most == 0) return true;
  const auto rate = static_cast<double>(most);
  auto& buckets = guest(socket).rates;
  auto bucket = buckets.try_emplace(feed, base::TokenRate{.per_second = rate, .burst = rate}).first;
  return bucket->second.take(serve::LoopServer::here()->loop().now());
}

// A sentence about what is wrong with what is to be published, before its gate is asked.
std::optional<std::string> ChannelSockets::find_fault(const Socket& socket, std::uint32_t feed,
                                                      const channel::PublishLine& line) {
  const serve::FeedSettings& settings = feeds_.settings(feed);
  if (line.message.data.size() > settings.max_message)
    return "a message has at most " + std::to_string(settings.max_message) + " bytes";
  if (!may_publish_now(socket, feed))
    return "at most " + std::to_string(settings.max_publishes_per_second) + " messages a second";
  return std::nullopt;
}

Task<> ChannelSockets::publish(Socket socket, RawJson json, Ack ack) {
  channel::PublishLine line;
  auto fault = parse(json, line);
  const auto feed = fault ? std::nullopt : feed_of(line.channel, ack);
  if (!fault && !feed) co_return;
  if (!fault) fault = find_fault(socket, *feed, line);
  if (fault) {
    refuse_to(ack, *fault);
    co_return;
  }
  Later<Verdict> asked = ask(*feed, FeedAction::publish, line.channel, socket);
  const Result<Verdict> verdict = co_await std::move(asked);
  if (!is_let_in(verdict, socket, ack)) co_return;
  const auto pending = guest(socket).pending;
  const bool waits = ++*pending >= kMaxPending;
  Completion<bool> completion;
  Later<bool> committed = completion.later();
  auto done = [pending, ack = std::move(ack),
               completion = std::move(completion)](Result<store::Published> at) mutable {
    --*pending;
    answer_published(ack, at);
    completion.complete(true);
  };
  all_channels().publish(line.channel, std::move(line.message), line.idempotency_key, std::move(done));
  if (!waits) co_return;
  const Result<bool> is_committed = co_await std::move(committed);
  static_cast<void>(is_committed);  // the client was told
}

Task<> ChannelSockets::history(Socket socket, RawJson json, Ack ack) {
  ChannelRequest request;
  if (const auto fault = parse(json, request)) {
    refuse_to(ack, *fault);
    co_return;
  }
  const auto feed = feed_of(request.channel, ack);
  if (!feed) co_return;
  Later<Verdict> asked = ask(*feed, FeedAction::follow, request.channel, socket);
  const Result<Verdict> verdict = co_await std::move(asked);
  if (!is_let_in(verdict, socket, ack)) co_return;
  Completion<channel::Page> completion;
  Later<channel::Page> reading = completion.later();
  const auto since = channel::Since::parse(request.since, channel::Since::Kind::first);
  all_channels().read(request.channel, since, request.limit,
                      [completion = std::move(completion)](Result<channel::Page> page) mutable {
                        completion.complete(std::move(page));
                      });
  const Result<channel::Page> page = co_await std::move(reading);
  if (!page) {
    serve::log_peer(Level::error, "feed", "a channel could not be read: " + page.error().message());
    refuse_to(ack, "the messages cannot be read now");
    co_return;
  }
  ack(RawJson{text_of(*page)});
}

}  // namespace naru::app
