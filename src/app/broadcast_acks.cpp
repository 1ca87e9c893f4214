// Emits to many that ask for an acknowledgement: one number for all, the answers gathered over all loops.
#include <mutex>
#include <utility>

#include "app/outgoing.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
#include "naru/broadcast.hpp"
#include "socketio/broadcast_acks.hpp"

namespace naru {
namespace app {
namespace {

// A question to many: answers come on the loops of those who were asked.
class Question {
 public:
  Question(std::size_t places, base::TimePoint deadline, Function<void(BroadcastReply)> reply)
      : acks_(places, deadline), places_left_(places), reply_(std::move(reply)) {}

  void reached(std::size_t sockets) {
    std::unique_lock lock(mutex_);
    --places_left_;
    asked_ += sockets;
    acks_.expect(sockets);
    finish_if_complete(lock);
  }
  void answer(Result<Args> answer) {
    std::unique_lock lock(mutex_);
    ++heard_;
    if (answer) {
      acks_.add(std::move(*answer));
    } else if (!missing_) {
      missing_ = answer.error().code();
    }
    finish_if_complete(lock);
  }
  // Some sockets cannot even be asked. Before the last reached().
  void note_refusal() {
    std::lock_guard lock(mutex_);
    missing_ = errc::overloaded;
  }

 private:
  void finish_if_complete(std::unique_lock<std::mutex>& lock) {
    const bool all_heard = places_left_ == 0 && heard_ == asked_;
    if (!reply_ || (!all_heard && !acks_.is_finished())) return;
    auto reply = std::exchange(reply_, {});
    BroadcastReply all{acks_.take(), acks_.error() ? acks_.error() : missing_};
    lock.unlock();
    guard_user_code("socketio", "a reply handler", [&] { reply(std::move(all)); });
  }

  std::mutex mutex_;
  socketio::BroadcastAcks acks_;
  std::size_t places_left_;
  std::size_t asked_ = 0;
  std::size_t heard_ = 0;
  std::error_code missing_;  // why somebody has not answered
  Function<void(BroadcastReply)> reply_;
};

}  // namespace
}  // namespace app

inline namespace v0 {

void Broadcast::ask(Emission emission, Function<void(BroadcastReply)> reply) const {
  app::refuse_parent(*core_, "an emit with acknowledgement");
  const std::uint64_t id = core_->next_ack_id();
  hub::SharedParcel parcel = app::outgoing_parcel(*core_, id, emission, flags_);
  // Every socket has its own time-out of the same length; the question's is the last resort.
  auto question = std::make_shared<app::Question>(core_->loops()->size(), base::kNever, std::move(reply));
  auto visit = std::make_shared<adapter::Visit>();
  visit->bytes = parcel->bytes();
  visit->refused = [question] { question->note_refusal(); };
  visit->each = [question, parcel, id, limit = timeout_](adapter::Member& member) {
    auto& record = static_cast<app::SocketRecord&>(member);
    record.expect_ack(id, limit, [question](Result<Args> answer) { question->answer(std::move(answer)); });
    record.deliver(parcel);
  };
  visit->end = [question](std::size_t sockets) { question->reached(sockets); };
  std::size_t reached = core_->adapter().visit(selection(), std::move(visit));
  for (; reached < core_->loops()->size(); ++reached)
    question->reached(0);
}

Task<BroadcastReply> Broadcast::ask(Emission emission) const {
  Completion<BroadcastReply> completion;
  Later<BroadcastReply> reply = completion.later();
  ask(std::move(emission), app::completing(std::move(completion)));
  return app::wait_for_value(std::move(reply));
}

// --- one remote socket ---

namespace {

Result<Args> only_answer(BroadcastReply reply) {
  if (reply.error) return Error(reply.error);
  if (reply.answers.empty()) return Error(errc::disconnected);
  return std::move(reply.answers.front());
}

}  // namespace

void RemoteEmitter::ask(Emission emission, Function<void(Result<Args>)> reply) const {
  target_.ask(std::move(emission),
              [reply = std::move(reply)](BroadcastReply all) { reply(only_answer(std::move(all))); });
}

Task<Result<Args>> RemoteEmitter::ask(Emission emission) const {
  Completion<Args> completion;
  Later<Args> answer = completion.later();
  ask(std::move(emission), Function<void(Result<Args>)>(app::completing(std::move(completion))));
  return app::wait_for(std::move(answer));
}

}  // namespace v0
}  // namespace naru
