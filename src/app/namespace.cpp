#include "naru/namespace.hpp"

#include <stdexcept>
#include <utility>

#include "app/namespace_core.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"

namespace naru {
inline namespace v0 {
Namespace::Namespace(std::shared_ptr<app::NamespaceCore> core) : core_(std::move(core)) {}
Namespace::~Namespace() = default;

std::string_view Namespace::name() const {
  return core_->name();
}

Namespace& Namespace::of(std::string name) {
  app::IoCore* io = core_->io();
  if (io == nullptr) throw std::logic_error("Namespace::of: the server has gone");
  return io->of(std::move(name));
}

void Namespace::use(Function<void(Socket&, Decision)> gate) {
  auto shared = std::make_shared<const app::Gate>(std::move(gate));
  core_->handlers().change([&](app::HandlerTable& table) { table.gates.push_back(shared); });
}

void Namespace::use(Function<Verdict(Socket&)> gate) {
  use([gate = std::move(gate)](Socket& socket, Decision decide) { decide(gate(socket)); });
}

namespace {

// The socket's handle stands in this frame: a gate's task may use it to its end.
Task<> decide_later(std::shared_ptr<const Function<Task<Verdict>(Socket&)>> gate, Socket socket,
                    Decision decide) {
  Task<Verdict> asking = (*gate)(socket);
  Verdict verdict = co_await std::move(asking);
  decide(std::move(verdict));
}

}  // namespace

void Namespace::use(Function<Task<Verdict>(Socket&)> gate) {
  auto shared = std::make_shared<const Function<Task<Verdict>(Socket&)>>(std::move(gate));
  use([shared](Socket& socket, Decision decide) {
    app::SocketRecord& record = *socket.record();
    if (!record.scope) record.scope = std::make_shared<CancelScope>();
    TaskContext context{.executor = app::thread_context().executor, .scope = record.scope};
    auto on_done = [](std::exception_ptr failure) {
      if (failure) app::guard_user_code("socketio", "a gate", [&] { std::rethrow_exception(failure); });
    };
    start(decide_later(shared, socket, std::move(decide)), std::move(context), on_done);
  });
}

void Namespace::refuse_reserved(std::string_view event) {
  Socket::refuse_reserved(event);
}

void Namespace::add_handler(std::string event, EventHandler handler) {
  auto shared = std::make_shared<const EventHandler>(std::move(handler));
  core_->handlers().change(
      [&](app::HandlerTable& table) { table.events[std::move(event)].push_back(shared); });
}
void Namespace::add_connection_handler(EventHandler handler) {
  auto shared = std::make_shared<const EventHandler>(std::move(handler));
  core_->handlers().change([&](app::HandlerTable& table) { table.connection.push_back(shared); });
}
void Namespace::on_any(Function<void(Socket&, std::string_view, const ArgsView&)> handler) {
  auto shared = std::make_shared<const app::AnyHandler>(std::move(handler));
  core_->handlers().change([&](app::HandlerTable& table) { table.any.push_back(shared); });
}
void Namespace::on_disconnecting(Function<void(Socket&, std::string_view)> handler) {
  auto shared = std::make_shared<const app::ReasonHandler>(std::move(handler));
  core_->handlers().change([&](app::HandlerTable& table) { table.disconnecting.push_back(shared); });
}
void Namespace::on_disconnect(Function<void(Socket&, std::string_view)> handler) {
  auto shared = std::make_shared<const app::ReasonHandler>(std::move(handler));
  core_->handlers().change([&](app::HandlerTable& table) { table.disconnect.push_back(shared); });
}
void Namespace::on_error(Function<void(Socket&, const HandlerError&)> handler) {
  auto shared = std::make_shared<const Function<void(Socket&, const HandlerError&)>>(std::move(handler));
  core_->handlers().change([&](app::HandlerTable& table) { table.error.push_back(shared); });
}
void Namespace::on_drain(Function<void(Socket&)> handler) {
  auto shared = std::make_shared<const app::DrainHandler>(std::move(handler));
  core_->handlers().change([&](app::HandlerTable& table) { table.drain.push_back(shared); });
}

}  // namespace v0
}  // namespace naru
