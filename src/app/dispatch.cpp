#include "app/dispatch.hpp"

#include <exception>
#include <string>
#include <utility>

#include "app/client.hpp"
#include "app/context.hpp"
#include "app/parcels.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "serve/peer_log.hpp"
#include "socketio/packet.hpp"

namespace naru::app {
namespace {

// The socket's handle for one handler; on the heap when a task will go on using it.
struct Call {
  Socket socket;
  SharedHandler handler;
};

void report(Socket& socket, std::string_view event, const std::string& message) {
  serve::log_peer(Level::warning, "socketio", "handler of \"" + std::string(event) + "\": " + message);
  const auto table = socket.record()->nsp->handlers_here();
  const HandlerError error{std::string(event), message};
  for (const auto& handler : table->error)
    guard_user_code("socketio", "on_error", [&] { (*handler)(socket, error); });
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

HeldEvents& held(SocketRecord& record) {
  if (!record.held) record.held = std::make_unique<HeldEvents>();
  return *record.held;
}

void run_event(const std::shared_ptr<SocketRecord>& record, std::string_view name, const ArgsView& arguments,
               std::optional<std::uint64_t> ack_id);

void tell_disconnect(SocketRecord& record, std::string_view reason) {
  Socket socket(record.self());
  const auto table = record.nsp->handlers_here();
  auto tell = [&](const SharedList<ReasonHandler>& handlers) {
    for (const auto& handler : handlers)
      guarded(socket, "disconnect", [&] { (*handler)(socket, reason); });
  };
  tell(table->disconnect);
  if (const auto own = std::move(record.own)) tell(own->disconnect);
}

void end_task(const std::shared_ptr<SocketRecord>& record) {
  HeldEvents& waiting = *record->held;
  if (--waiting.running > 0 || waiting.is_draining) return;
  waiting.is_draining = true;
  while (waiting.running == 0 && !waiting.empty() && record->client != nullptr) {
    const HeldEvent event = waiting.pop();
    run_event(record, event.name, event.arguments, event.ack_id);
  }
  waiting.is_draining = false;
  if (waiting.running > 0) return;
  // Let go of before anybody is called: reading on may bring the next events at once.
  const std::unique_ptr<HeldEvents> over = std::move(record->held);
  if (record->client == nullptr) {
    if (const std::string reason = std::exchange(record->last_words, {}); !reason.empty()) {
      tell_disconnect(*record, reason);
    }
  } else if (over->has_paused_reading) {
    record->client->resume_reading();
  }
}

// `call` keeps handle and closure until the task has ended.
void begin_task(const std::shared_ptr<SocketRecord>& record, std::shared_ptr<Call> call, Task<> task,
                std::string_view event) {
  ++held(*record).running;
  if (!record->scope) record->scope = std::make_shared<CancelScope>();
  TaskContext context{.executor = thread_context().executor, .scope = record->scope};
  auto on_done = [record, call = std::move(call), event = std::string(event)](std::exception_ptr failure) {
    if (failure) report(call->socket, event, describe(failure));
    end_task(record);
  };
  start(std::move(task), std::move(context), std::move(on_done));
}

void answer_bad_arguments(SocketRecord& record, std::string_view event, std::uint64_t ack_id) {
  if (record.nsp->options().bad_arguments == IoOptions::BadArguments::silent) return;
  const std::map<std::string, std::string> error{{"error", "bad arguments"}, {"event", std::string(event)}};
  record.send(*ack_parcel(*record.nsp, ack_id, Emission::of_arguments(error)));
}

void run_handler(const std::shared_ptr<SocketRecord>& record, const SharedHandler& handler,
                 std::string_view event, const ArgsView& arguments, Ack* ack,
                 std::optional<std::uint64_t> ack_id) {
  std::shared_ptr<Call> kept;
  Call on_stack{Socket(record), handler};
  if (handler->returns_task) kept = std::make_shared<Call>(on_stack);
  Socket& socket = kept ? kept->socket : on_stack.socket;
  guarded(socket, event, [&] {
    Outcome outcome = handler->call(socket, arguments, handler->wants_ack ? ack : nullptr);
    if (outcome.kind == Outcome::Kind::bad_arguments) {
      report(socket, event, "argument " + std::to_string(outcome.argument + 1) + " does not decode");
      if (ack_id) answer_bad_arguments(*record, event, *ack_id);
    } else if (outcome.kind == Outcome::Kind::pending) {
      begin_task(record, std::move(kept), std::move(outcome.task), event);
    }
  });
}

// Handlers see the socket as long as it is there: a disconnect in one of them ends the event.
void run_all(const std::shared_ptr<SocketRecord>& record, const std::vector<SharedHandler>* handlers,
             std::string_view event, const ArgsView& arguments, Ack& ack,
             std::optional<std::uint64_t> ack_id) {
  if (handlers == nullptr) return;
  for (const SharedHandler& handler : *handlers) {
    if (record->client == nullptr) return;
    run_handler(record, handler, event, arguments, ack ? &ack : nullptr, ack_id);
  }
}

void run_event(const std::shared_ptr<SocketRecord>& record, std::string_view name, const ArgsView& arguments,
               std::optional<std::uint64_t> ack_id) {
  // Copies: handlers may replace what they stand in.
  const std::shared_ptr<const HandlerTable> table = record->nsp->handlers_here();
  std::vector<SharedHandler> own;
  if (!table->any.empty() || (record->own && !record->own->any.empty())) {
    Socket socket(record);
    for (const auto& handler : table->any)
      guarded(socket, name, [&] { (*handler)(socket, name, arguments); });
    if (record->own) {
      for (const auto& handler : SharedList<AnyHandler>(record->own->any)) {
        guarded(socket, name, [&] { (*handler)(socket, name, arguments); });
      }
    }
  }
  if (record->own) {
    if (const auto* found = record->own->find(name)) own = *found;
  }
  Ack ack = ack_id ? Ack(record, *ack_id) : Ack();
  run_all(record, table->find(name), name, arguments, ack, ack_id);
  run_all(record, &own, name, arguments, ack, ack_id);
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

void dispatch_connection(const std::shared_ptr<SocketRecord>& record) {
  const auto table = record->nsp->handlers_here();
  Ack none;
  run_all(record, &table->connection, "connection", ArgsView(), none, std::nullopt);
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
  const auto table = record.nsp->handlers_here();
  auto tell = [&](const SharedList<DrainHandler>& handlers) {
    for (const auto& handler : handlers)
      guarded(socket, "drain", [&] { (*handler)(socket); });
  };
  tell(table->drain);
  if (record.own) tell(SharedList<DrainHandler>(record.own->drain));
}

void end_socket(SocketRecord& record, std::string_view reason) {
  if (record.client == nullptr || record.is_ending) return;
  record.is_ending = true;
  const std::shared_ptr<SocketRecord> keep = record.self();
  const bool was_connected = record.state == SocketState::connected;
  if (was_connected) {
    Socket socket(keep);
    auto tell = [&](const SharedList<ReasonHandler>& handlers) {
      for (const auto& handler : handlers)
        guarded(socket, "disconnecting", [&] { (*handler)(socket, reason); });
    };
    tell(record.nsp->handlers_here()->disconnecting);
    if (record.own) tell(SharedList<ReasonHandler>(record.own->disconnecting));
    record.nsp->adapter().remove(record);
  }
  Client& client = *std::exchange(record.client, nullptr);
  record.state = SocketState::gone;
  if (record.held && record.held->has_paused_reading) client.resume_reading();
  if (record.scope) record.scope->cancel(errc::disconnected);
  if (auto owed = std::move(record.owed)) owed->table.fail_all(errc::disconnected);
  record.expiry.reset();
  if (!was_connected) {
    record.own.reset();  // may hold the socket, and so itself
    return;
  }
  if (record.held && record.held->running > 0) {
    record.last_words = reason;  // told when the suspended handler has ended
  } else {
    tell_disconnect(record, reason);
  }
}

}  // namespace naru::app
