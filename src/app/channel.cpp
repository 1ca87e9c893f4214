#include "naru/channel.hpp"

#include <utility>

#include "app/channels.hpp"
#include "app/wait_for.hpp"

namespace naru {
inline namespace v0 {
Channel::Channel(std::shared_ptr<app::Channels> channels, std::string name)
    : channels_(std::move(channels)), name_(std::move(name)) {}

// Published when called, not when awaited: the order of the calls is the order of the messages.
Task<Result<Published>> Channel::publish_text(std::string json, PublishOptions options) {
  Completion<Published> completion;
  Later<Published> committed = completion.later();
  channels_->publish(name_, std::move(json), options, app::completing(std::move(completion)));
  return app::wait_for(std::move(committed));
}

void Channel::publish_text(std::string json, PublishOptions options, Function<void(Result<Published>)> done) {
  channels_->publish(name_, std::move(json), options, std::move(done));
}

Task<Result<HistoryPage>> Channel::history(const HistoryQuery& query) {
  Completion<HistoryPage> completion;
  Later<HistoryPage> read = completion.later();
  channels_->history(name_, query, app::completing(std::move(completion)));
  return app::wait_for(std::move(read));
}

void Channel::history(const HistoryQuery& query, Function<void(Result<HistoryPage>)> done) {
  channels_->history(name_, query, std::move(done));
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
