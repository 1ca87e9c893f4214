#include "serve/feed_gate.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "channel/channel_name.hpp"
#include "serve/homing.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {
namespace {

class FeedGate final : public Visitor {
 public:
  FeedGate(FeedAnswer answer, FeedEntry entry, EnterFeed enter)
      : answer_(std::move(answer)),
        entry_(std::move(entry)),
        enter_(enter),
        scope_(std::make_shared<CancelScope>()),
        homing_(*this, answer_.server()) {}
  ~FeedGate() override { stop_asking(); }

  // The body stays with the client until it is known who takes it.
  void ask() {
    entry_.settings->hooks->authorize(entry_.feed, question_of(entry_), scope_,
                                      Decision(homing_.to<Verdict>(&FeedGate::decided)));
    if (answer_.is_over()) return;
    answer_.exchange().pause_body();
    answer_.exchange().set_events(this);
  }

  void on_abort() override {
    answer_.end();
    stop_asking();
    answer_.connection().dismiss(*this);
  }
  // Whoever asks has not answered, and nobody may wait for him any more.
  void on_server_stop() override {
    if (answer_.is_over()) return;
    answer_.refuse_for_now("the server stops");
    stop_asking();
    answer_.connection().dismiss(*this);
  }

 private:
  void decided(Verdict verdict) {
    homing_.let_go();
    if (answer_.is_over()) return;
    if (!verdict.is_allowed()) {
      answer_.deny(verdict);
      return answer_.connection().dismiss(*this);
    }
    entry_.verdict = std::move(verdict);
    answer_.exchange().set_events(nullptr);
    answer_.exchange().resume_body();
    // Takes this one's place with the connection: what it needs moves out first.
    FeedAnswer answer = std::move(answer_);
    HttpConnection& connection = answer.connection();
    enter_(std::move(answer), std::move(entry_));
    connection.dismiss(*this);
  }

  void stop_asking() {
    homing_.let_go();
    scope_->cancel(errc::disconnected);
  }

  FeedAnswer answer_;
  FeedEntry entry_;
  const EnterFeed enter_;
  const FeedHooks::Scope scope_;
  Homing<FeedGate> homing_;
};

// A feed without gate answers at once: no object, and no copy of the head.
void enter_open(FeedAnswer answer, FeedEntry entry, EnterFeed enter) {
  std::optional<Verdict> verdict;
  entry.settings->hooks->authorize(entry.feed, question_of(entry), nullptr,
                                   Decision([&verdict](Verdict given) { verdict = std::move(given); }));
  if (!verdict->is_allowed()) return answer.deny(*verdict);
  enter(std::move(answer), std::move(entry));
}

}  // namespace

FeedQuestion question_of(const FeedEntry& entry) {
  FeedQuestion question{.parts = {}, .request = entry.handshake};
  for (const std::string& name : entry.request.channels) {
    FeedQuestion::Part part{.action = FeedAction::follow, .channel = entry.settings->prefix + name};
    if (entry.request.transport == FeedTransport::publish) {
      part.action = FeedAction::publish;
    } else if (entry.request.transport == FeedTransport::who) {
      part.action = FeedAction::presence;
    } else if (const auto subject = channel::presence_subject(name)) {
      part.action = FeedAction::presence;
      part.channel = entry.settings->prefix + std::string(*subject);
    }
    question.parts.push_back(std::move(part));
  }
  return question;
}

void pass_gate(FeedAnswer answer, FeedEntry entry, EnterFeed enter) {
  const bool is_websocket = entry.request.transport == FeedTransport::websocket;
  HttpConnection& connection = answer.connection();
  if (entry.settings->is_gated || is_websocket)
    entry.handshake = connection.copy_handshake(answer.exchange());
  if (!entry.settings->is_gated) return enter_open(std::move(answer), std::move(entry), enter);
  connection.receive(std::make_unique<FeedGate>(std::move(answer), std::move(entry), enter)).ask();
}

}  // namespace naru::serve
