#include "app/dispatch.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <string>
#include <utility>

#include "app/client.hpp"
#include "app/context.hpp"
#include "app/event_passage.hpp"
#include "app/io_core.hpp"
#include "app/parcels.hpp"
#include "app/recovery.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "net/callback.hpp"
#include "serve/peer_log.hpp"
#include "socketio/packet.hpp"

namespace naru::app {
namespace {

// The socket's handle for one handler; on the heap when a task will go on using it.
struct Call {
  Socket socket;
  SharedHandler handler;
};

// The answer that a client waits for, while the event's handlers are called one after the other.
struct AckOffer {
  std::optional<std::uint64_t> id;               // none: nobody waits
  std::shared_ptr<std::atomic_flag> answered{};  // with several takers: the first answer counts
  bool is_taken = false;
  bool is_missed = false;  // somebody would have answered if the arguments had been his
};

void report(Socket& socket, std::string_view event, std::string message) {
  report_error(socket.record(), {.event = std::string(event), .message = std::move(message)});
}

// Runs a user's code: what it throws is reported and ends here.
template <class Run>
void guarded(Socket& socket, std::string_view event, Run&& run) {
  try {
    run();
  } catch (...) {
    report(socket, event, describe(std::current_exception()));
  }
}

// Copies: handlers may change what they stand in.
template <class T, class... Arguments>
void tell_all(Socket& socket, std::string_view event, SharedList<T> handlers, const Arguments&... arguments) {
  for (const auto& handler : handlers)
    guarded(socket, event, [&] { handler->call(socket, arguments...); });
}

HeldEvents& held(SocketRecord& record) {
  if (!record.held) record.held = std::make_unique<HeldEvents>();
  return *record.held;
}

void run_event(const std::shared_ptr<SocketRecord>& record, std::string_view name, const ArgsView& arguments,
               std::optional<std::uint64_t> ack_id);

// The last that a namespace hears of this socket.
void leave_namespace(const SocketRecord& record) {
  if (IoCore* io = record.nsp->io()) io->leave(record.nsp);
}

void tell_disconnect(SocketRecord& record, std::string_view reason) {
  Socket socket(record.self());
  tell_all(socket, "disconnect", record.nsp->handlers_here()->disconnect, reason);
  if (const auto own = std::move(record.own)) tell_all(socket, "disconnect", own->disconnect, reason);
  leave_namespace(record);
}

// `call` keeps handle and closure until the task has ended.
void begin_task(const std::shared_ptr<SocketRecord>& record, std::shared_ptr<Call> call, Task<> task,
                std::string_view event) {
  begin_wait(*record);
  if (!record->scope) record->scope = std::make_shared<CancelScope>();
  TaskContext context{.executor = thread_context().executor, .scope = record->scope};
  auto on_done = [record, call = std::move(call), event = std::string(event)](std::exception_ptr failure) {
    if (failure) report(call->socket, event, describe(failure));
    end_wait(record);
  };
  start(std::move(task), std::move(context), std::move(on_done));
}

void answer_bad_arguments(SocketRecord& record, std::string_view event, std::uint64_t ack_id) {
  if (record.nsp->options().bad_arguments == IoOptions::BadArguments::silent) return;
  const std::map<std::string, std::string> error{{"error", "bad arguments"}, {"event", std::string(event)}};
  record.send(*ack_parcel(*record.nsp, ack_id, Emission::of_arguments(error)));
}

void forget_handler(SocketRecord& record, HandlerId id) {
  if (record.own && record.own->remove(id)) return;
  record.nsp->handlers().change([&](HandlerTable& table) { table.remove(id); });
}

void run_handler(const std::shared_ptr<SocketRecord>& record, const SharedHandler& handler,
                 std::string_view event, const ArgsView& arguments, AckOffer& offer) {
  if (!handler->claim()) return;
  if (handler->is_once()) forget_handler(*record, handler->id);
  std::shared_ptr<Call> kept;
  Call on_stack{Socket(record), handler};
  if (handler->call.returns_task) kept = std::make_shared<Call>(on_stack);
  Socket& socket = kept ? kept->socket : on_stack.socket;
  const bool is_taker = handler->call.wants_ack && offer.id && (offer.answered || !offer.is_taken);
  Ack ack = is_taker ? Ack(record, *offer.id, offer.answered) : Ack();
  guarded(socket, event, [&] {
    Outcome outcome = handler->call.call(socket, arguments, is_taker ? &ack : nullptr);
    if (outcome.kind == Outcome::Kind::bad_arguments) {
      offer.is_missed = true;
      return report(socket, event, "argument " + std::to_string(outcome.argument + 1) + " does not decode");
    }
    offer.is_taken |= is_taker;
    if (outcome.kind == Outcome::Kind::pending)
      begin_task(record, std::move(kept), std::move(outcome.task), event);
  });
}

// Handlers see the socket as long as it is there: a disconnect in one of them ends the event.
void run_all(const std::shared_ptr<SocketRecord>& record, const SharedList<EventHandler>* handlers,
             std::string_view event, const ArgsView& arguments, AckOffer& offer) {
  if (handlers == nullptr) return;
  for (const SharedHandler& handler : *handlers) {
    if (record->client == nullptr) return;
    run_handler(record, handler, event, arguments, offer);
  }
}

std::size_t takers(const SharedList<EventHandler>* handlers) {
  if (handlers == nullptr) return 0;
  return static_cast<std::size_t>(std::count_if(handlers->begin(), handlers->end(),
                                                [](const auto& each) { return each->call.wants_ack; }));
}

void run_event(const std::shared_ptr<SocketRecord>& record, std::string_view name, const ArgsView& arguments,
               std::optional<std::uint64_t> ack_id) {
  const std::shared_ptr<const HandlerTable> table = record->nsp->handlers_here();
  if (!table->any.empty() || (record->own && !record->own->any.empty())) {
    Socket socket(record);
    tell_all(socket, name, table->any, name, arguments);
    if (record->own) tell_all(socket, name, record->own->any, name, arguments);
  }
  if (record->client == nullptr) return;
  if (record->own && !record->own->event_gates.empty()) return pass_gates(record, name, arguments, ack_id);
  run_handlers(record, name, arguments, ack_id);
}

void hold_event(SocketRecord& record, std::string_view name, const ArgsView& arguments,
                std::optional<std::uint64_t> ack_id) {
  HeldEvents& waiting = *record.held;
  waiting.push({std::string(name), Args(arguments), ack_id});
  const IoOptions& limits = record.nsp->options();
  const bool is_full = waiting.size() >= limits.max_held_events || waiting.bytes() >= limits.max_held_bytes;
  if (!is_full || waiting.has_paused_reading) return;
  waiting.has_paused_reading = true;
  record.client->pause_reading();
}

}  // namespace

void report_error(const std::shared_ptr<SocketRecord>& record, const HandlerError& error) {
  const bool is_refusal = error.source == HandlerError::Source::middleware;
  if (error.source != HandlerError::Source::decoder) {
    serve::log_peer(
        is_refusal ? Level::info : Level::warning, "socketio",
        (is_refusal ? "a middleware refused \"" : "handler of \"") + error.event + "\": " + error.message);
  }
  Socket socket(record);
  auto tell = [&](SharedList<ErrorHandler> handlers) {
    for (const auto& handler : handlers)
      guard_user_code("socketio", "on_error", [&] { handler->call(socket, error); });
  };
  tell(record->nsp->handlers_here()->error);
  if (record->own) tell(record->own->error);
}

void begin_wait(SocketRecord& record) {
  ++held(record).running;
}

void end_wait(const std::shared_ptr<SocketRecord>& record) {
  HeldEvents& waiting = *record->held;
  if (--waiting.running > 0 || waiting.is_draining) return;
  waiting.is_draining = true;
  while (waiting.running == 0 && !waiting.empty() && record->client != nullptr) {
    const HeldEvent event = waiting.pop();
    net::Callback::begin();  // one after the other, as if each had come now
    run_event(record, event.name, event.arguments, event.ack_id);
  }
  waiting.is_draining = false;
  if (waiting.running > 0) return;
  // Let go of before anybody is called: reading on may bring the next events at once.
  const std::unique_ptr<HeldEvents> over = std::move(record->held);
  if (record->client == nullptr) {
    if (!record->parting) return;
    const std::string reason = std::exchange(record->parting->last_words, {});
    if (!reason.empty()) tell_disconnect(*record, reason);
  } else if (over->has_paused_reading) {
    record->client->resume_reading();
  }
}

void run_handlers(const std::shared_ptr<SocketRecord>& record, std::string_view event,
                  const ArgsView& arguments, std::optional<std::uint64_t> ack_id) {
  // Copies: handlers may replace what they stand in.
  const std::shared_ptr<const HandlerTable> table = record->nsp->handlers_here();
  SharedList<EventHandler> own;
  if (record->own) {
    if (const auto* found = record->own->find(event)) own = *found;
  }
  const auto* common = table->find(event);
  AckOffer offer{.id = ack_id};
  if (ack_id && takers(common) + takers(&own) > 1) offer.answered = std::make_shared<std::atomic_flag>();
  run_all(record, common, event, arguments, offer);
  run_all(record, &own, event, arguments, offer);
  if (offer.is_missed && !offer.is_taken && ack_id) answer_bad_arguments(*record, event, *ack_id);
}

void dispatch_connection(const std::shared_ptr<SocketRecord>& record) {
  const auto table = record->nsp->handlers_here();
  AckOffer none;
  run_all(record, &table->connection, "connection", ArgsView(), none);
}

void dispatch_event(const std::shared_ptr<SocketRecord>& record, const IncomingPacket& packet) {
  std::string space;
  const std::string_view name = socketio::event_name(packet.arguments[0].text(), space);
  const ArgsView arguments = packet.arguments.rest(1);
  if (record->held && record->held->running > 0) return hold_event(*record, name, arguments, packet.id);
  run_event(record, name, arguments, packet.id);
}

void dispatch_ack(SocketRecord& record, const IncomingPacket& packet) {
  if (!record.owed || !packet.id) return;
  record.owed->table.resolve(*packet.id, packet.arguments);
}

void dispatch_drain(SocketRecord& record) {
  record.owes_drain = false;
  if (record.client == nullptr || !record.wants_drain()) return;
  Socket socket(record.self());
  tell_all(socket, "drain", record.nsp->handlers_here()->drain);
  if (record.own) tell_all(socket, "drain", record.own->drain);
}

void end_socket(SocketRecord& record, std::string_view reason) {
  if (record.client == nullptr || record.is_ending) return;
  record.is_ending = true;
  const std::shared_ptr<SocketRecord> keep = record.self();
  const bool was_connected = record.state == SocketState::connected;
  if (was_connected) {
    Socket socket(keep);
    tell_all(socket, "disconnecting", record.nsp->handlers_here()->disconnecting, reason);
    if (record.own) tell_all(socket, "disconnecting", record.own->disconnecting, reason);
    std::optional<adapter::Session> session;
    if (record.recovery) session = session_to_keep(record, reason);
    --record.nsp->connected;
    record.nsp->adapter().remove(record);
    if (record.recovery) part_with(record, std::move(session));
  } else if (record.recovery) {
    part_before_entry(record, reason);
  }
  record.forget_identity();
  Client& client = *std::exchange(record.client, nullptr);
  record.state = SocketState::gone;
  if (record.held && record.held->has_paused_reading) client.resume_reading();
  if (record.scope) record.scope->cancel(errc::disconnected);
  if (auto owed = std::move(record.owed)) owed->table.fail_all(errc::disconnected);
  record.expiry.reset();
  if (!was_connected) {
    record.own.reset();  // may hold the socket, and so itself
    return leave_namespace(record);
  }
  if (record.held && record.held->running > 0) {
    record.farewell().last_words = reason;  // told when the suspended handler has ended
  } else {
    tell_disconnect(record, reason);
  }
}

}  // namespace naru::app
