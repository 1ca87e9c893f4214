#include "admin/watch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "auth/fingerprint.hpp"
#include "naru/engine.hpp"
#include "serve/peer_log.hpp"

namespace naru::admin {
namespace {

std::size_t hash_of(const Value& data) {
  return std::hash<std::string_view>()(data.text());
}

}  // namespace

Watch::Watch(Namespace& space, const InstrumentOptions& options)
    : space_(space),
      max_listed_(options.max_listed_sockets),
      events_({.per_second = static_cast<double>(options.max_events_per_second),
               .burst = static_cast<double>(options.max_events_per_second)}) {}

void Watch::look_at(Namespace& nsp) {
  const auto self = shared_from_this();
  const std::string name(nsp.name());
  nsp.on_join_room([self, name](std::string_view room, std::string_view id) {
    self->tell("room_joined", name, room, id, Moment::now());
  });
  nsp.on_leave_room([self, name](std::string_view room, std::string_view id) {
    self->tell("room_left", name, room, id, Moment::now());
  });
  nsp.prepend_connection([self](Socket& socket) { self->came(socket); });
  nsp.on_disconnect([self](Socket& socket, std::string_view reason) { self->went(socket, reason); });
  if (nsp == space_) return;  // telling administrators would be something to tell
  nsp.prepend_any([self](Socket& socket, std::string_view event, const ArgsView& args) {
    self->tell_event("event_received", socket, event, args);
  });
  nsp.on_any_outgoing([self](Socket& socket, std::string_view event, const ArgsView& args) {
    self->tell_event("event_sent", socket, event, args);
  });
}

void Watch::listen(Engine& engine) {
  engine.on_upgrade(
      [self = shared_from_this()](const EngineSocket& connection) { self->upgraded(connection); });
}

void Watch::came(Socket& socket) {
  const EngineSocket session = socket.conn();
  const std::string client_id = auth::fingerprint(session.id());
  std::unique_lock lock(mutex_);
  seen_[socket.id()].client_id = client_id;
  Connection& connection = connections_[client_id];
  connection.transport = session.transport();
  connection.sockets.push_back({socket.id(), std::string(socket.namespace_name())});
  lock.unlock();
  if (!has_audience()) return;
  // It is here, so the answer comes during the call, before anything else that it does.
  auto tell_all = [self = shared_from_this(),
                   name = std::string(socket.namespace_name())](const std::vector<RemoteSocket>& found) {
    for (const RemoteSocket& each : found)
      self->tell("socket_connected", self->view_of(each, name), Moment::now());
  };
  socket.nsp().local().in(socket.id()).fetch_sockets(std::move(tell_all));
}

void Watch::went(const Socket& socket, std::string_view reason) {
  std::unique_lock lock(mutex_);
  if (const auto seen = seen_.find(socket.id()); seen != seen_.end()) {
    const auto connection = connections_.find(seen->second.client_id);
    std::vector<Name>& sockets = connection->second.sockets;
    std::erase_if(sockets, [&](const Name& name) { return name.id == socket.id(); });
    if (sockets.empty()) connections_.erase(connection);
    seen_.erase(seen);
  }
  lock.unlock();
  tell("socket_disconnected", socket.namespace_name(), socket.id(), reason, Moment::now());
}

void Watch::upgraded(const EngineSocket& session) {
  const std::string_view transport = session.transport();
  std::unique_lock lock(mutex_);
  const auto found = connections_.find(auth::fingerprint(session.id()));
  if (found == connections_.end()) return;
  found->second.transport = transport;
  const std::vector<Name> sockets = found->second.sockets;
  lock.unlock();
  for (const Name& socket : sockets)
    tell("socket_updated", SocketTransport{socket.id, socket.nsp, transport});
}

bool Watch::may_tell_event() {
  if (!has_audience()) return false;
  std::unique_lock lock(mutex_);
  if (events_.take(base::system_clock().now())) return true;
  lock.unlock();
  serve::log_peer(Level::info, "admin", "max_events_per_second: some events are not shown to administrators");
  return false;
}

void Watch::tell_event(const char* what, const Socket& socket, std::string_view name, const ArgsView& args) {
  if (!may_tell_event()) return;
  tell(what, socket.namespace_name(), socket.id(), EventArguments{name, args}, Moment::now());
}

SocketView Watch::view_of(const RemoteSocket& socket, std::string_view nsp) {
  SocketView view{socket.id, {}, {}, std::string(nsp), socket.data, socket.handshake, socket.rooms};
  const std::size_t data = hash_of(socket.data);
  std::lock_guard lock(mutex_);
  const auto found = seen_.find(socket.id);
  if (found == seen_.end()) return view;
  view.client_id = found->second.client_id;
  view.transport = connections_.at(view.client_id).transport;
  found->second.data = data;
  return view;
}

Task<> Watch::list(Socket admin) {
  const auto self = shared_from_this();
  std::vector<SocketView> all;
  std::size_t left_out = 0;
  const std::vector<Namespace> namespaces = space_.namespaces();
  for (const Namespace& nsp : namespaces) {
    Task<std::vector<RemoteSocket>> asking = nsp.fetch_sockets();
    const std::vector<RemoteSocket> sockets = co_await std::move(asking);
    left_out += sockets.size() - std::min(sockets.size(), max_listed_ - all.size());
    for (const RemoteSocket& socket : sockets) {
      if (all.size() == max_listed_) break;
      all.push_back(view_of(socket, nsp.name()));
    }
  }
  if (left_out > 0) {
    serve::log_peer(Level::warning, "admin",
                    "max_listed_sockets: " + std::to_string(left_out) + " are not shown to an administrator");
  }
  admin.emit("all_sockets", all);
}

void Watch::look_for_changed_data() {
  if (!has_audience()) return;
  for (const Namespace& nsp : space_.namespaces()) {
    nsp.local().fetch_sockets([self = shared_from_this(),
                               name = std::string(nsp.name())](const std::vector<RemoteSocket>& sockets) {
      self->tell_changed_data(name, sockets);
    });
  }
}

void Watch::tell_changed_data(const std::string& nsp, const std::vector<RemoteSocket>& sockets) {
  for (const RemoteSocket& socket : sockets) {
    const std::size_t data = hash_of(socket.data);
    std::unique_lock lock(mutex_);
    const auto found = seen_.find(socket.id);
    if (found == seen_.end() || std::exchange(found->second.data, data) == data) continue;
    lock.unlock();
    tell("socket_updated", SocketData{socket.id, nsp, socket.data});
  }
}

}  // namespace naru::admin
