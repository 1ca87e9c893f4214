#include "naru/broadcast.hpp"

#include <mutex>
#include <utility>

#include "app/namespace_core.hpp"
#include "app/parcels.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
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

// Who was found so far, over all loops.
struct Found {
  std::mutex mutex;
  std::vector<SocketInfo> sockets;
  std::size_t loops_left = 0;
  Function<void(std::vector<SocketInfo>)> done;

  void finish_if_complete(std::unique_lock<std::mutex>& lock) {
    if (loops_left != 0 || !done) return;
    auto tell = std::exchange(done, {});
    auto all = std::move(sockets);
    lock.unlock();
    guard_user_code("socketio", "a fetch_sockets handler", [&] { tell(std::move(all)); });
  }
};

}  // namespace
}  // namespace app

inline namespace v0 {
namespace {

adapter::Selection selection_of(const std::vector<std::string>& rooms, const std::vector<std::string>& except,
                                EmitFlags flags) {
  adapter::Selection selection;
  selection.rooms.reserve(rooms.size());
  for (const std::string& room : rooms)
    selection.rooms.emplace_back(room);
  selection.except.reserve(except.size());
  for (const std::string& room : except)
    selection.except.emplace_back(room);
  selection.local = flags.local;
  return selection;
}

}  // namespace

Broadcast Broadcast::to(std::string room) const {
  Broadcast wider = *this;
  wider.rooms_.push_back(std::move(room));
  return wider;
}
Broadcast Broadcast::to(std::vector<std::string> rooms) const {
  Broadcast wider = *this;
  for (std::string& room : rooms)
    wider.rooms_.push_back(std::move(room));
  return wider;
}
Broadcast Broadcast::except(std::string room) const {
  Broadcast narrower = *this;
  narrower.except_.push_back(std::move(room));
  return narrower;
}
Broadcast Broadcast::except(std::vector<std::string> rooms) const {
  Broadcast narrower = *this;
  for (std::string& room : rooms)
    narrower.except_.push_back(std::move(room));
  return narrower;
}
Broadcast Broadcast::volatile_() const {
  Broadcast hasty = *this;
  hasty.flags_.is_volatile = true;
  return hasty;
}
Broadcast Broadcast::local() const {
  Broadcast near = *this;
  near.flags_.local = true;
  return near;
}
void Broadcast::deliver(Emission emission) const {
  core_->adapter().broadcast(app::event_parcel(*core_, std::nullopt, emission, flags_),
                             selection_of(rooms_, except_, flags_));
}
void Broadcast::sockets_join(std::string room) const {
  core_->adapter().join_selected(selection_of(rooms_, except_, flags_), std::move(room));
}
void Broadcast::sockets_leave(std::string room) const {
  core_->adapter().leave_selected(selection_of(rooms_, except_, flags_), std::move(room));
}
void Broadcast::disconnect_sockets(bool close_connection) const {
  core_->adapter().disconnect_selected(selection_of(rooms_, except_, flags_), close_connection);
}

Broadcast Broadcast::timeout(std::chrono::milliseconds limit) const {
  Broadcast patient = *this;
  patient.timeout_ = limit;
  return patient;
}

void Broadcast::ask(Emission emission, Function<void(BroadcastReply)> reply) const {
  const std::uint64_t id = core_->next_ack_id();
  hub::SharedParcel parcel = app::event_parcel(*core_, id, emission, flags_);
  // Every socket has its own time-out of the same length; the question's is the last resort.
  auto question = std::make_shared<app::Question>(core_->loops()->size(), base::kNever, std::move(reply));
  auto visit = std::make_shared<adapter::Visit>();
  visit->bytes = parcel->bytes();
  visit->each = [question, parcel, id, limit = timeout_](adapter::Member& member) {
    auto& record = static_cast<app::SocketRecord&>(member);
    record.expect_ack(id, limit, [question](Result<Args> answer) { question->answer(std::move(answer)); });
    record.deliver(parcel);
  };
  visit->end = [question](std::size_t sockets) { question->reached(sockets); };
  std::size_t reached = core_->adapter().visit(selection_of(rooms_, except_, flags_), std::move(visit));
  for (; reached < core_->loops()->size(); ++reached)
    question->reached(0);
}

Task<BroadcastReply> Broadcast::ask(Emission emission) const {
  Completion<BroadcastReply> completion;
  Later<BroadcastReply> reply = completion.later();
  ask(std::move(emission), app::completing(std::move(completion)));
  return app::wait_for_value(std::move(reply));
}

void Broadcast::fetch_sockets(Function<void(std::vector<SocketInfo>)> done) const {
  auto found = std::make_shared<app::Found>();
  found->done = std::move(done);
  found->loops_left = core_->loops()->size();
  auto visit = std::make_shared<adapter::Visit>();
  visit->each = [found, core = core_](adapter::Member& member) {
    auto& record = static_cast<app::SocketRecord&>(member);
    SocketInfo info{record.id(), record.handshake, core->adapter().rooms_of(record)};
    std::lock_guard lock(found->mutex);
    found->sockets.push_back(std::move(info));
  };
  visit->end = [found](std::size_t) {
    std::unique_lock lock(found->mutex);
    --found->loops_left;
    found->finish_if_complete(lock);
  };
  std::size_t reached = core_->adapter().visit(selection_of(rooms_, except_, flags_), visit);
  for (; reached < core_->loops()->size(); ++reached)
    visit->end(0);
}

Task<std::vector<SocketInfo>> Broadcast::fetch_sockets() const {
  Completion<std::vector<SocketInfo>> completion;
  Later<std::vector<SocketInfo>> sockets = completion.later();
  fetch_sockets(app::completing(std::move(completion)));
  return app::wait_for_value(std::move(sockets));
}

}  // namespace v0
}  // namespace naru
