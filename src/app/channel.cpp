#include "naru/channel.hpp"

#include <utility>

#include "app/channels.hpp"
#include "naru/completion.hpp"

namespace naru {
inline namespace v0 {
namespace {

// A completion as a callback.
template <class T>
Function<void(Result<T>)> completing(Completion<T> completion) {
  return [completion = std::move(completion)](Result<T> result) mutable {
    completion.complete(std::move(result));
  };
}

}  // namespace

Channel::Channel(std::shared_ptr<app::Channels> channels, std::string name)
    : channels_(std::move(channels)), name_(std::move(name)) {}

// Published when called, not when awaited: the order of the calls is the order of the messages.
Task<Result<Published>> Channel::publish_text(std::string json, PublishOptions options) {
  Completion<Published> completion;
  Later<Published> committed = completion.later();
  channels_->publish(name_, std::move(json), options, completing(std::move(completion)));
  return await(std::move(committed));
}

template <class T>
Task<Result<T>> Channel::await(Later<T> later) {
  co_return co_await std::move(later);
}

void Channel::publish_text(std::string json, PublishOptions options, Function<void(Result<Published>)> done) {
  channels_->publish(name_, std::move(json), options, std::move(done));
}

Task<Result<HistoryPage>> Channel::history(const HistoryQuery& query) {
  Completion<HistoryPage> completion;
  Later<HistoryPage> read = completion.later();
  channels_->history(name_, query, completing(std::move(completion)));
  return await(std::move(read));
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
