#include "naru/namespace.hpp"

#include <stdexcept>
#include <utility>

#include "app/gates.hpp"
#include "app/io_core.hpp"
#include "app/namespace_core.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
#include "naru/engine.hpp"

namespace naru {
inline namespace v0 {
namespace {

app::IoCore& io_of(app::NamespaceCore& core) {
  if (app::IoCore* io = core.io()) return *io;
  throw std::logic_error("Namespace: the server has gone");
}

Args arguments_of(const Emission& emission) {
  return Args::parse("[" + emission.text + "]", emission.attachments).value_or(Args());
}

}  // namespace

Namespace::Namespace(std::shared_ptr<app::NamespaceCore> core) : core_(std::move(core)) {}
Namespace::Namespace(const Namespace&) = default;
Namespace& Namespace::operator=(const Namespace&) = default;
Namespace::~Namespace() = default;

std::string_view Namespace::name() const {
  return core_->name();
}

Server& Namespace::server() const {
  return io_of(*core_).server();
}

const IoOptions& Namespace::options() const {
  return core_->options();
}

Namespace& Namespace::of(std::string name) {
  return io_of(*core_).of(std::move(name));
}

Namespace& Namespace::of(Pattern pattern) {
  return io_of(*core_).add_parent(std::move(pattern), {});
}

Namespace& Namespace::of(Function<void(std::string_view, const Value&, Decision)> gate) {
  return io_of(*core_).add_parent(
      std::nullopt, [gate = std::move(gate)](std::string_view name, const Value& auth, const auto&,
                                             Decision decide) { gate(name, auth, std::move(decide)); });
}

Namespace& Namespace::of(Function<Verdict(std::string_view, const Value&)> gate) {
  return of([gate = std::move(gate)](std::string_view name, const Value& auth, Decision decide) {
    decide(gate(name, auth));
  });
}

// Name and auth live as long as the decision.
Namespace& Namespace::of(Function<Task<Verdict>(std::string_view, const Value&)> gate) {
  using Asked = Function<Task<Verdict>(std::string_view, const Value&)>;
  auto shared = std::make_shared<const Asked>(std::move(gate));
  return io_of(*core_).add_parent(std::nullopt,
                                  [shared](std::string_view name, const Value& auth,
                                           const std::shared_ptr<CancelScope>& scope, Decision decide) {
                                    app::start_gate((*shared)(name, auth), shared, scope, std::move(decide));
                                  });
}

void Namespace::on_new_namespace(Function<void(Namespace&)> handler) {
  io_of(*core_).on_new_namespace(std::move(handler));
}

std::vector<Namespace> Namespace::namespaces() const {
  app::IoCore* io = core_->io();
  return io == nullptr ? std::vector<Namespace>() : io->all();
}

std::size_t Namespace::sockets_count() const {
  std::size_t sum = 0;
  core_->each_target(
      [&](const app::NamespaceCore& one) { sum += one.connected.load(std::memory_order_relaxed); });
  return sum;
}

Engine& Namespace::engine() {
  return io_of(*core_).engine();
}

void Namespace::close() const {
  if (app::IoCore* io = core_->io()) io->engine().close();
}

void Namespace::disconnect_identity(std::string identity) const {
  if (app::IoCore* io = core_->io()) io->forget_sessions(identity);
  for (std::size_t loop = 0; loop < core_->loops()->size(); ++loop) {
    auto end_all = [core = core_, identity] {
      app::IoCore* io = core->io();
      if (io == nullptr) return;
      std::vector<std::shared_ptr<app::SocketRecord>> sockets;  // ending one may end others
      for (app::SocketRecord* socket : io->identities().find(identity))
        sockets.push_back(socket->self());
      for (const auto& socket : sockets)
        socket->end_connection();
      io->forget_sessions(identity);  // of connections that were lost in between
    };
    const auto index = static_cast<hub::LoopIndex>(loop);
    if (core_->loops()->post(index, std::move(end_all), identity.size(), net::PostKind::order)) continue;
    log(Level::error, "socketio",
        "disconnect_identity: a loop is overloaded, its sockets of that identity are still connected");
  }
}

// --- rooms and servers ---

void Namespace::all_rooms(Function<void(std::vector<std::string>)> done) const {
  app::refuse_parent(*core_, "all_rooms()");
  core_->adapter().all_rooms(app::guarded_callback("socketio", "an all_rooms handler", std::move(done)));
}

Task<std::vector<std::string>> Namespace::all_rooms() const {
  Completion<std::vector<std::string>> completion;
  Later<std::vector<std::string>> rooms = completion.later();
  all_rooms(app::completing(std::move(completion)));
  return app::wait_for_value(std::move(rooms));
}

void Namespace::tell_servers(Emission emission) const {
  core_->adapter().server_side_emit(arguments_of(emission), {});
}

Task<BroadcastReply> Namespace::ask_servers(Emission emission) const {
  Completion<BroadcastReply> completion;
  Later<BroadcastReply> reply = completion.later();
  auto answered = [tell = app::completing(std::move(completion))](std::vector<Args> answers,
                                                                  std::error_code error) mutable {
    tell(BroadcastReply{std::move(answers), error});
  };
  core_->adapter().server_side_emit(arguments_of(emission), std::move(answered));
  return app::wait_for_value(std::move(reply));
}

namespace {

void watch(app::NamespaceCore& core, adapter::RoomChange wanted,
           Function<void(std::string_view, std::string_view)> handler) {
  if (core.is_parent()) {
    throw std::logic_error("a parent namespace has no rooms: register in on_new_namespace() instead");
  }
  core.adapter().watch_rooms([wanted, handler = std::move(handler)](
                                 adapter::RoomChange change, std::string_view room, std::string_view id) {
    if (change == wanted) {
      app::guard_user_code("socketio", "a handler of rooms", [&] { handler(room, id); });
    }
  });
}

}  // namespace

void Namespace::on_create_room(Function<void(std::string_view)> handler) {
  watch(*core_, adapter::RoomChange::created,
        [handler = std::move(handler)](std::string_view room, std::string_view) { handler(room); });
}
void Namespace::on_delete_room(Function<void(std::string_view)> handler) {
  watch(*core_, adapter::RoomChange::deleted,
        [handler = std::move(handler)](std::string_view room, std::string_view) { handler(room); });
}
void Namespace::on_join_room(Function<void(std::string_view, std::string_view)> handler) {
  watch(*core_, adapter::RoomChange::joined, std::move(handler));
}
void Namespace::on_leave_room(Function<void(std::string_view, std::string_view)> handler) {
  watch(*core_, adapter::RoomChange::left, std::move(handler));
}
}  // namespace v0
}  // namespace naru
