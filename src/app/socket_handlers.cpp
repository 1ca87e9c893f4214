// Handlers of one socket: registering them, and letting go.
#include <cassert>
#include <memory>
#include <utility>

#include "app/gates.hpp"
#include "app/socket_record.hpp"
#include "naru/socket.hpp"

namespace naru {
inline namespace v0 {
namespace {

using app::HandlerTable;
using app::SocketRecord;

// Null once the socket has gone: nothing would ever let go of what a handler keeps, perhaps the socket.
HandlerTable* own_handlers(SocketRecord& record) {
  if (record.state == app::SocketState::gone) return nullptr;
  assert(record.is_here());
  if (!record.own) record.own = std::make_unique<HandlerTable>();
  return record.own.get();
}

template <class T>
HandlerId add_to(SocketRecord& record, app::SharedList<T> HandlerTable::*list, T handler,
                 bool in_front = false) {
  HandlerTable* table = own_handlers(record);
  if (table == nullptr) return {};
  auto shared = std::make_shared<const app::Registered<T>>(std::move(handler));
  const HandlerId id = shared->id;
  auto& handlers = table->*list;
  handlers.insert(in_front ? handlers.begin() : handlers.end(), std::move(shared));
  if (!table->any_outgoing.empty() && !table->watch) table->watch = record.nsp->watch();
  return id;
}

}  // namespace

HandlerId Socket::add_handler(std::string event, EventHandler handler, bool once) {
  HandlerTable* table = own_handlers(*record_);
  if (table == nullptr) return {};
  auto shared = std::make_shared<const app::Registered<EventHandler>>(std::move(handler), once);
  const HandlerId id = shared->id;
  table->events[std::move(event)].push_back(std::move(shared));
  return id;
}

bool Socket::off(HandlerId handler) {
  return record_->own && record_->own->remove(handler);
}
void Socket::off(std::string_view event) {
  if (record_->own) record_->own->remove_event(event);
}

HandlerId Socket::use(Function<Verdict(Socket&, std::string_view, const ArgsView&)> gate) {
  app::EventGate at_once;
  at_once.now = std::move(gate);
  return add_to(*record_, &HandlerTable::event_gates, std::move(at_once));
}

HandlerId Socket::use(Function<void(Socket&, std::string_view, const ArgsView&, Decision)> gate) {
  app::EventGate later;
  later.later = std::move(gate);
  return add_to(*record_, &HandlerTable::event_gates, std::move(later));
}

HandlerId Socket::use(Function<Task<Verdict>(Socket&, std::string_view, const ArgsView&)> gate) {
  using Asked = Function<Task<Verdict>(Socket&, std::string_view, const ArgsView&)>;
  auto shared = std::make_shared<const Asked>(std::move(gate));
  return use([shared](Socket& socket, std::string_view event, const ArgsView& arguments, Decision decide) {
    SocketRecord& record = *socket.record();
    if (!record.scope) record.scope = std::make_shared<CancelScope>();
    app::start_gate((*shared)(socket, event, arguments), shared, record.scope, std::move(decide));
  });
}

HandlerId Socket::on_any(AnyHandler handler) {
  return add_to(*record_, &HandlerTable::any, std::move(handler));
}
HandlerId Socket::prepend_any(AnyHandler handler) {
  return add_to(*record_, &HandlerTable::any, std::move(handler), true);
}
void Socket::off_any() {
  if (record_->own) record_->own->any.clear();
}
HandlerId Socket::on_any_outgoing(AnyHandler handler) {
  return add_to(*record_, &HandlerTable::any_outgoing, std::move(handler));
}
HandlerId Socket::prepend_any_outgoing(AnyHandler handler) {
  return add_to(*record_, &HandlerTable::any_outgoing, std::move(handler), true);
}
void Socket::off_any_outgoing() {
  if (!record_->own) return;
  record_->own->any_outgoing.clear();
  record_->own->watch.reset();
}

HandlerId Socket::on_disconnecting(ReasonHandler handler) {
  return add_to(*record_, &HandlerTable::disconnecting, std::move(handler));
}
HandlerId Socket::on_disconnect(ReasonHandler handler) {
  return add_to(*record_, &HandlerTable::disconnect, std::move(handler));
}
HandlerId Socket::on_drain(Function<void(Socket&)> handler) {
  return add_to(*record_, &HandlerTable::drain, std::move(handler));
}
HandlerId Socket::on_error(Function<void(Socket&, const HandlerError&)> handler) {
  return add_to(*record_, &HandlerTable::error, std::move(handler));
}

}  // namespace v0
}  // namespace naru
