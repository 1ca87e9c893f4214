#include "naru/channel.hpp"

#include <optional>
#include <utility>

#include "app/channel_words.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
#include "hub/channels.hpp"

namespace naru {
inline namespace v0 {
namespace {

void publish_to(hub::Channels& channels, const std::string& name, std::string json,
                const PublishOptions& options, Function<void(Result<Published>)> done) {
  auto message = app::to_message(std::move(json), options);
  if (!message) return done(message.error());
  channels.publish(name, std::move(*message), options.idempotency_key,
                   [done = std::move(done)](Result<store::Published> at) { done(app::to_public(at)); });
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

Channel::Channel(std::shared_ptr<hub::Channels> channels, std::string name)
    : channels_(std::move(channels)), name_(std::move(name)) {}

// Published when called, not when awaited: the order of the calls is the order of the messages.
Task<Result<Published>> Channel::publish_text(std::string json, PublishOptions options) {
  Completion<Published> completion;
  Later<Published> committed = completion.later();
  publish_to(*channels_, name_, std::move(json), options, app::completing(std::move(completion)));
  return app::wait_for(std::move(committed));
}

void Channel::publish_text(std::string json, PublishOptions options, Function<void(Result<Published>)> done) {
  publish_to(*channels_, name_, std::move(json), options,
             app::guarded_callback("channel", "a publish handler", std::move(done)));
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
