#include "app/feeds.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "app/context.hpp"
#include "app/feed_settings.hpp"
#include "app/gates.hpp"
#include "app/user_code.hpp"
#include "channel/channel_name.hpp"
#include "serve/publish_rates.hpp"

namespace naru::app {
namespace {

Action action_of(serve::FeedAction action) {
  switch (action) {
    case serve::FeedAction::follow:
      return Action::follow;
    case serve::FeedAction::publish:
      return Action::publish;
    case serve::FeedAction::presence:
      return Action::presence;
  }
  return Action::follow;
}

// Everything that one request names, on its way through its feed's gate; kept alive by whoever has the
// current Decision. The answer is given on the loop that began.
class FeedEntrance : public std::enable_shared_from_this<FeedEntrance> {
 public:
  FeedEntrance(const AccessGate& gate, std::vector<Feeds::Part> parts, Handshake request,
               serve::FeedHooks::Scope scope, std::shared_ptr<const hub::LoopGroup> loops, Decision decide)
      : gate_(gate),
        parts_(std::move(parts)),
        access_{.request = std::move(request)},
        scope_(std::move(scope)),
        loops_(std::move(loops)),
        home_(hub::LoopGroup::current_loop()),
        decide_(std::move(decide)) {}

  // A loop instead of recursion: a gate that answers at once costs no stack.
  void walk() {
    is_walking_ = true;
    while (is_free_to_go_) {
      if (next_ == parts_.size()) {
        decide_(std::move(verdict_));
        break;
      }
      is_free_to_go_ = false;
      access_.action = action_of(parts_[next_].action);
      access_.channel = std::move(parts_[next_++].channel);
      ask();
    }
    is_walking_ = false;
  }

 private:
  // When the gate throws, the Decision is dropped on the way out, and refuses.
  void ask() {
    Decision decide([self = shared_from_this()](Verdict verdict) { self->answer(std::move(verdict)); });
    guard_user_code("feed", "a gate", [&] {
      if (gate_.at_once) return decide(gate_.at_once(access_));
      if (gate_.deciding) return gate_.deciding(access_, std::move(decide));
      await(gate_.awaiting(access_), std::move(decide));
    });
  }

  // `access_` stays as it is until the task has answered.
  void await(Task<Verdict> asking, Decision decide) {
    TaskContext context{.executor = thread_context().executor, .scope = scope_};
    auto on_done = [](std::exception_ptr failure) {
      if (failure) guard_user_code("feed", "a gate", [&] { std::rethrow_exception(failure); });
    };
    start(decide_when_done(std::move(asking), shared_from_this(), std::move(decide)), std::move(context),
          std::move(on_done));
  }

  void answer(Verdict verdict) {
    if (loops_->is_here(home_)) return take(std::move(verdict));
    auto work = [self = shared_from_this(), verdict = std::move(verdict)]() mutable {
      self->take(std::move(verdict));
    };
    loops_->post(home_, std::move(work), 0, net::PostKind::control);
  }

  void take(Verdict verdict) {
    if (scope_ != nullptr && scope_->is_cancelled()) return;  // nobody waits any more
    if (!verdict.is_allowed()) return decide_(std::move(verdict));
    if (verdict_.identity().empty() && !verdict.identity().empty())
      verdict_ = std::move(verdict_).as(verdict.identity());
    if (verdict.expires()) {
      const Verdict::Time until =
          std::min(verdict_.expires().value_or(*verdict.expires()), *verdict.expires());
      verdict_ = std::move(verdict_).until(until);
    }
    is_free_to_go_ = true;
    if (!is_walking_) walk();
  }

  const AccessGate& gate_;
  std::vector<Feeds::Part> parts_;
  Access access_;
  const serve::FeedHooks::Scope scope_;
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const hub::LoopIndex home_;
  Decision decide_;
  Verdict verdict_ = allow;  // the first identity and the earliest end of what was said
  std::size_t next_ = 0;
  bool is_free_to_go_ = true;
  bool is_walking_ = false;
};

}  // namespace

// Through the more open one everybody could do what the other one's gate refuses.
void Feeds::check_against_others(const FeedOptions& options) const {
  for (const auto& other : feeds_) {
    const FeedOptions& its = other->options;
    if (its.prefix + its.channel != options.prefix + options.channel) continue;
    if (its.channel.empty() != options.channel.empty()) continue;
    if (static_cast<bool>(its.authorize) == static_cast<bool>(options.authorize) &&
        its.open_publish == options.open_publish)
      continue;
    throw std::logic_error("FeedOptions: two feeds have the channels \"" + options.prefix + options.channel +
                           "\" and differ in who may: give both a gate and the same open_publish, or another "
                           "prefix");
  }
}

std::uint32_t Feeds::add(FeedOptions options) {
  auto feed = std::make_unique<Feed>();
  feed->settings = settings_of(options);
  check_against_others(options);
  feed->settings.hooks = this;
  if (options.max_publishes_per_second > 0)
    feed->settings.rates = std::make_shared<serve::PublishRates>(options.max_publishes_per_second);
  feed->options = std::move(options);
  feeds_.push_back(std::move(feed));
  return static_cast<std::uint32_t>(feeds_.size() - 1);
}

bool Feeds::has_socketio() const noexcept {
  return std::any_of(feeds_.begin(), feeds_.end(), [](const auto& feed) { return feed->options.socketio; });
}

std::optional<std::uint32_t> Feeds::find_socketio(std::string_view channel) const {
  for (std::uint32_t feed = 0; feed < feeds_.size(); ++feed) {
    if (feeds_[feed]->options.socketio && serves(feed, channel)) return feed;
  }
  return std::nullopt;
}

bool Feeds::serves(std::uint32_t feed, std::string_view channel) const {
  const auto claimed = feeds_[feed]->claim_on(channel);
  return claimed && *claimed == longest_claim(channel);
}

std::size_t Feeds::longest_claim(std::string_view channel) const {
  std::size_t longest = 0;
  for (const auto& feed : feeds_)
    longest = std::max(longest, feed->claim_on(channel).value_or(0));
  return longest;
}

// A feed of one channel has its name whole, and what is told of its presence: one more than a prefix of the
// same length.
std::optional<std::size_t> Feeds::Feed::claim_on(std::string_view channel) const {
  const std::string name = options.prefix + options.channel;
  const bool is_claimed = options.channel.empty()
                              ? channel.starts_with(name)
                              : channel == name || channel == channel::presence_name(name);
  return is_claimed ? std::optional(2 * name.size() + (options.channel.empty() ? 0 : 1)) : std::nullopt;
}

void Feeds::authorize(std::uint32_t feed, serve::FeedQuestion question, const Scope& scope, Decision decide) {
  ask(feed, std::move(question.parts), Handshake(std::move(question.request)), scope, std::move(decide));
}

void Feeds::ask(std::uint32_t feed, std::vector<Part> parts, Handshake request, const Scope& scope,
                Decision decide) {
  const Feed& asked = *feeds_[feed];
  bool publishes = false;
  for (const Part& part : parts) {
    if (!serves(feed, part.channel)) return decide(refuse("this channel is not served here"));
    publishes = publishes || part.action == serve::FeedAction::publish;
    if (part.action == serve::FeedAction::publish && part.channel.ends_with(channel::kPresenceSuffix))
      return decide(refuse("nobody but the server publishes who is present"));
  }
  if (asked.options.authorize) {
    auto entrance = std::make_shared<FeedEntrance>(asked.options.authorize, std::move(parts),
                                                   std::move(request), scope, loops_, std::move(decide));
    return entrance->walk();
  }
  if (publishes && !asked.options.open_publish)
    return decide(refuse("nobody may publish here: the server has no gate that allows it"));
  decide(allow);
}

}  // namespace naru::app
