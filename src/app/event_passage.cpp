#include "app/event_passage.hpp"

#include <string>
#include <utility>

#include "app/dispatch.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {
namespace {

using Gates = SharedList<EventGate>;

void refuse_event(const std::shared_ptr<SocketRecord>& record, std::string_view event,
                  const Verdict& verdict) {
  report_error(record, {.source = HandlerError::Source::middleware,
                        .event = std::string(event),
                        .message = verdict.sentence(),
                        .data = verdict.data()});
}

Verdict ask_now(const EventGate& gate, Socket& socket, std::string_view event, const ArgsView& arguments) {
  Verdict verdict = refuse("no decision was made");
  guard_user_code("socketio", "a socket's middleware", [&] { verdict = gate.now(socket, event, arguments); });
  return verdict;
}

// An event that waits for a gate's answer; kept alive by whoever has the current Decision.
class Passage : public std::enable_shared_from_this<Passage> {
 public:
  Passage(std::shared_ptr<SocketRecord> record, Gates gates, std::size_t next, HeldEvent event)
      : handle_(record),
        record_(std::move(record)),
        gates_(std::move(gates)),
        next_(next),
        event_(std::move(event)) {}

  // A loop instead of recursion: gates that answer at once cost no stack.
  void walk() {
    is_walking_ = true;
    while (is_free_to_go_ && record_->client != nullptr) {
      if (next_ == gates_.size()) {
        run_handlers(record_, event_.name, arguments_, event_.ack_id);
        break;
      }
      is_free_to_go_ = false;
      ask(gates_[next_++]->call);
    }
    is_walking_ = false;
    if (is_free_to_go_) finish();
  }

 private:
  void ask(const EventGate& gate) {
    if (gate.now) return take(ask_now(gate, handle_, event_.name, arguments_));
    Decision decision([self = shared_from_this()](Verdict verdict) { self->answer(std::move(verdict)); });
    // When it throws, its Decision is dropped on the way out, and refuses.
    guard_user_code("socketio", "a socket's middleware",
                    [&] { gate.later(handle_, event_.name, arguments_, std::move(decision)); });
  }

  void answer(Verdict verdict) {
    if (record_->is_here()) return take(verdict);
    record_->nsp->loops()->post(
        record_->home(), [self = shared_from_this(), verdict = std::move(verdict)] { self->take(verdict); },
        0, net::PostKind::control);
  }

  void take(const Verdict& verdict) {
    if (!verdict.is_allowed() && record_->client != nullptr) {
      refuse_event(record_, event_.name, verdict);
      return finish();
    }
    is_free_to_go_ = true;
    if (!is_walking_) walk();
  }

  void finish() {
    if (!std::exchange(is_over_, true)) end_wait(record_);
  }

  Socket handle_;
  std::shared_ptr<SocketRecord> record_;
  const Gates gates_;
  std::size_t next_;
  const HeldEvent event_;
  const ArgsView arguments_ = event_.arguments.view();  // gates that wait refer to it
  bool is_free_to_go_ = true;
  bool is_walking_ = false;
  bool is_over_ = false;
};

}  // namespace

void pass_gates(const std::shared_ptr<SocketRecord>& record, std::string_view event,
                const ArgsView& arguments, std::optional<std::uint64_t> ack_id) {
  const Gates gates = record->own->event_gates;
  Socket handle(record);
  std::size_t next = 0;
  // Those that answer at once need no copy of the event.
  for (; next < gates.size() && gates[next]->call.now; ++next) {
    const Verdict verdict = ask_now(gates[next]->call, handle, event, arguments);
    if (record->client == nullptr) return;
    if (!verdict.is_allowed()) return refuse_event(record, event, verdict);
  }
  if (next == gates.size()) return run_handlers(record, event, arguments, ack_id);
  begin_wait(*record);
  HeldEvent kept{std::string(event), Args(arguments), ack_id};
  std::make_shared<Passage>(record, gates, next, std::move(kept))->walk();
}

}  // namespace naru::app
