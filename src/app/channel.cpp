#include "naru/channel.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "app/channel_words.hpp"
#include "app/feed_presences.hpp"
#include "app/following.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
#include "hub/channels.hpp"

namespace naru {
inline namespace v0 {
namespace {

void publish_to(hub::Channels& channels, const std::string& name, const Draft& draft,
                Function<void(Result<Published>)> done) {
  auto message = app::to_message(draft);
  if (!message) return done(message.error());
  channels.publish(name, std::move(*message), draft.options.idempotency_key,
                   [done = std::move(done)](Result<store::Published> at) { done(app::to_public(at)); });
}

// Answers of a batch, which come from any threads.
struct Batch {
  Batch(std::size_t count, Function<void(std::vector<Result<Published>>)> on_done)
      : answers(count, Result<Published>(Published())), left(count), done(std::move(on_done)) {}
  void take(std::size_t index, Result<Published> answer) {
    answers[index] = std::move(answer);
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1) done(std::move(answers));
  }
  std::vector<Result<Published>> answers;
  std::atomic<std::size_t> left;
  Function<void(std::vector<Result<Published>>)> done;
};

void publish_each(hub::Channels& channels, const std::string& name, const std::vector<Draft>& drafts,
                  Function<void(std::vector<Result<Published>>)> done) {
  if (drafts.empty()) return done({});
  auto batch = std::make_shared<Batch>(drafts.size(), std::move(done));
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    publish_to(channels, name, drafts[index],
               [batch, index](Result<Published> answer) { batch->take(index, std::move(answer)); });
  }
}

void read_from(hub::Channels& channels, const std::string& name, const HistoryQuery& query,
               Function<void(Result<HistoryPage>)> done) {
  auto answer = [done = std::move(done)](Result<channel::Page> page) { done(app::to_public(page)); };
  if (!query.since) {
    std::optional<channel::Position> before;
    if (query.before) before = app::to_position(*query.before);
    return channels.read_before(name, before, query.limit, std::move(answer));
  }
  // Whoever has seen nothing has lost nothing.
  const channel::Since since =
      query.since->empty() ? channel::Since{} : channel::Since::after(app::to_position(*query.since));
  channels.read(name, since, query.limit, std::move(answer));
}

}  // namespace

Channel::Channel(std::shared_ptr<hub::Channels> channels, std::string name,
                 std::shared_ptr<const app::FeedPresences> presences)
    : channels_(std::move(channels)), presences_(std::move(presences)), name_(std::move(name)) {}

// Published when called, not when awaited: the order of the calls is the order of the messages.
Task<Result<Published>> Channel::publish_draft(Draft draft) {
  Completion<Published> completion;
  Later<Published> committed = completion.later();
  publish_to(*channels_, name_, draft, app::completing(std::move(completion)));
  return app::wait_for(std::move(committed));
}

void Channel::publish_draft(Draft draft, Function<void(Result<Published>)> done) {
  publish_to(*channels_, name_, draft,
             app::guarded_callback("channel", "a publish handler", std::move(done)));
}

Task<std::vector<Result<Published>>> Channel::publish_all(std::vector<Draft> drafts) {
  Completion<std::vector<Result<Published>>> completion;
  Later<std::vector<Result<Published>>> committed = completion.later();
  publish_each(*channels_, name_, drafts, app::completing(std::move(completion)));
  return app::wait_for_value(std::move(committed));
}

void Channel::publish_all(std::vector<Draft> drafts, Function<void(std::vector<Result<Published>>)> done) {
  publish_each(*channels_, name_, drafts,
               app::guarded_callback("channel", "a publish handler", std::move(done)));
}

Following Channel::follow(FollowOptions options) {
  auto record = std::make_shared<app::FollowingRecord>(channels_, name_, std::move(options));
  record->start();
  return Following(std::move(record));
}

Presence Channel::presence() const {
  hub::Presence* told = presences_ == nullptr ? nullptr : presences_->find(name_);
  Presence presence;
  if (told == nullptr) return presence;
  hub::PresenceSnapshot snapshot = told->snapshot(name_);
  presence.count = snapshot.count;
  presence.position = app::to_public(snapshot.position);
  for (auto& follower : snapshot.followers) {
    const std::chrono::milliseconds since(follower.since_ms);
    presence.followers.push_back({.id = std::move(follower.id),
                                  .is_identity = follower.is_identity,
                                  .connections = follower.connections,
                                  .since = std::chrono::system_clock::time_point(since)});
  }
  return presence;
}

Task<Result<HistoryPage>> Channel::history(const HistoryQuery& query) {
  Completion<HistoryPage> completion;
  Later<HistoryPage> read = completion.later();
  read_from(*channels_, name_, query, app::completing(std::move(completion)));
  return app::wait_for(std::move(read));
}

void Channel::history(const HistoryQuery& query, Function<void(Result<HistoryPage>)> done) {
  read_from(*channels_, name_, query, app::guarded_callback("channel", "a history handler", std::move(done)));
}

Task<Result<void>> Channel::remove() {
  Completion<bool> completion;
  Later<bool> removed = completion.later();
  channels_->remove(name_, [completion = std::move(completion)](Result<void> result) mutable {
    completion.complete(result ? Result<bool>(true) : Result<bool>(result.error()));
  });
  return forget_value(std::move(removed));
}

Task<Result<void>> Channel::forget_value(Later<bool> later) {
  Result<bool> result = co_await std::move(later);
  if (!result) co_return Result<void>(result.error());
  co_return Result<void>();
}

}  // namespace v0
}  // namespace naru
