// Gates and handlers of a namespace: registering them, and letting go.
#include <memory>
#include <utility>

#include "app/gates.hpp"
#include "app/namespace_core.hpp"
#include "app/socket_record.hpp"
#include "naru/namespace.hpp"

namespace naru {
inline namespace v0 {
namespace {

using app::HandlerTable;
using app::NamespaceCore;

template <class T>
HandlerId add_to(NamespaceCore& core, app::SharedList<T> HandlerTable::*list, T handler,
                 bool in_front = false) {
  auto shared = std::make_shared<const app::Registered<T>>(std::move(handler));
  core.handlers().change([&](HandlerTable& table) {
    auto& handlers = table.*list;
    handlers.insert(in_front ? handlers.begin() : handlers.end(), shared);
    if (!table.any_outgoing.empty()) table.watch = core.watch();
  });
  return shared->id;
}

}  // namespace

HandlerId Namespace::use(Function<void(Socket&, Decision)> gate) {
  return add_to(*core_, &HandlerTable::gates, std::move(gate));
}

HandlerId Namespace::use(Function<Verdict(Socket&)> gate) {
  return use([gate = std::move(gate)](Socket& socket, Decision decide) { decide(gate(socket)); });
}

// The socket's handle lives as long as the decision.
HandlerId Namespace::use(Function<Task<Verdict>(Socket&)> gate) {
  auto shared = std::make_shared<const Function<Task<Verdict>(Socket&)>>(std::move(gate));
  return use([shared](Socket& socket, Decision decide) {
    app::SocketRecord& record = *socket.record();
    if (!record.scope) record.scope = std::make_shared<CancelScope>();
    app::start_gate((*shared)(socket), shared, record.scope, std::move(decide));
  });
}

void Namespace::refuse_reserved(std::string_view event) {
  Socket::refuse_reserved(event);
}

HandlerId Namespace::add_handler(std::string event, EventHandler handler, bool once) {
  auto shared = std::make_shared<const app::Registered<EventHandler>>(std::move(handler), once);
  core_->handlers().change([&](HandlerTable& table) { table.events[std::move(event)].push_back(shared); });
  return shared->id;
}
HandlerId Namespace::add_connection_handler(EventHandler handler, bool first) {
  return add_to(*core_, &HandlerTable::connection, std::move(handler), first);
}

bool Namespace::off(HandlerId handler) {
  bool was_here = false;
  core_->handlers().change([&](HandlerTable& table) { was_here = table.remove(handler); });
  return was_here;
}
void Namespace::off(std::string_view event) {
  core_->handlers().change([&](HandlerTable& table) { table.remove_event(event); });
}

HandlerId Namespace::on_any(Socket::AnyHandler handler) {
  return add_to(*core_, &HandlerTable::any, std::move(handler));
}
HandlerId Namespace::prepend_any(Socket::AnyHandler handler) {
  return add_to(*core_, &HandlerTable::any, std::move(handler), true);
}
HandlerId Namespace::on_any_outgoing(Socket::AnyHandler handler) {
  return add_to(*core_, &HandlerTable::any_outgoing, std::move(handler));
}
HandlerId Namespace::prepend_any_outgoing(Socket::AnyHandler handler) {
  return add_to(*core_, &HandlerTable::any_outgoing, std::move(handler), true);
}
HandlerId Namespace::on_disconnecting(Socket::ReasonHandler handler) {
  return add_to(*core_, &HandlerTable::disconnecting, std::move(handler));
}
HandlerId Namespace::on_disconnect(Socket::ReasonHandler handler) {
  return add_to(*core_, &HandlerTable::disconnect, std::move(handler));
}
HandlerId Namespace::on_drain(Function<void(Socket&)> handler) {
  return add_to(*core_, &HandlerTable::drain, std::move(handler));
}
HandlerId Namespace::on_error(Function<void(Socket&, const HandlerError&)> handler) {
  return add_to(*core_, &HandlerTable::error, std::move(handler));
}

}  // namespace v0
}  // namespace naru
