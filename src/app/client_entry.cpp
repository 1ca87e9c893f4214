// How a client gets into its namespaces: CONNECT, what is looked for first, gates, the answer.
#include <algorithm>
#include <utility>

#include "app/client.hpp"
#include "app/dispatch.hpp"
#include "app/entrance.hpp"
#include "app/parcels.hpp"
#include "base/ids.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {
namespace {

Value auth_of(const IncomingPacket& packet) {
  const auto& [text, attachments] = packet.auth;
  RawJson auth{text.empty() ? "{}" : std::string(text)};
  auth.attachments.assign(attachments.begin(), attachments.end());
  return Value(std::move(auth));
}

}  // namespace

void Client::connect(const IncomingPacket& packet) {
  const std::size_t arriving = arrivals_ ? arrivals_->size() : 0;
  if (sockets_.size() + arriving >= io_.options().max_namespaces_per_connection) {
    serve::log_peer(Level::warning, "socketio", request_->address + " reached max_namespaces_per_connection");
    return refuse_namespace(packet.nsp, "too many namespaces");
  }
  Value auth = auth_of(packet);
  if (auto nsp = io_.enter(packet.nsp)) return admit(std::move(nsp), std::move(auth), Verdict::allowed());
  const auto search = std::make_shared<NamespaceSearch>(*this, io_, packet.nsp, std::move(auth));
  arrivals().searches.push_back(search);
  search->walk();
}

Arrivals& Client::arrivals() {
  if (!arrivals_) arrivals_ = std::make_unique<Arrivals>();
  return *arrivals_;
}

void Client::forget(const NamespaceSearch& search) {
  if (!arrivals_) return;
  std::erase_if(arrivals_->searches, [&](const auto& each) { return each.get() == &search; });
  if (arrivals_->size() == 0) arrivals_.reset();
}

void Client::forget(const std::shared_ptr<Return>& wish) {
  if (!arrivals_) return;
  std::erase(arrivals_->wishes, wish);
  if (arrivals_->size() == 0) arrivals_.reset();
}

void Client::found(const NamespaceSearch& search, std::shared_ptr<NamespaceCore> nsp,
                   const Verdict& verdict) {
  Value auth = search.auth();
  forget(search);
  admit(std::move(nsp), std::move(auth), verdict);
}

void Client::not_found(const NamespaceSearch& search, std::string_view why) {
  serve::log_peer(Level::info, "socketio",
                  request_->address + " asked for the namespace " + search.name() + ": " + std::string(why));
  refuse_namespace(search.name(), why);
  forget(search);
}

void Client::refuse_namespace(std::string_view name, std::string_view why) {
  send_essential(*connect_error_parcel(*io_.options().parser, name, why));
}

void Client::admit(std::shared_ptr<NamespaceCore> nsp, Value auth, const Verdict& verdict) {
  if (nsp->recovery() != nullptr) {
    auto wish = std::make_shared<Return>(Return{this, nsp, auth, verdict});
    arrivals().wishes.push_back(wish);
    if (seek_session(wish)) return;
    forget(wish);
  }
  begin(std::move(nsp), std::move(auth), verdict, nullptr);
}

void Client::come_back(const std::shared_ptr<Return>& wish, std::optional<adapter::Restored> restored) {
  forget(wish);
  wish->client = nullptr;
  std::unique_ptr<adapter::Restored> found;
  if (!restored) {
    serve::log_peer(Level::info, "socketio",
                    request_->address + " shows a pid or an offset that nothing is kept for: " +
                        "it connects as somebody new");
  } else if (may_resume(*restored)) {
    found = std::make_unique<adapter::Restored>(std::move(*restored));
  }
  begin(wish->nsp, wish->auth, wish->verdict, std::move(found));
}

bool Client::may_resume(const adapter::Restored& restored) const {
  const auto& expires = restored.session.expires;
  if (expires && *expires <= session_.server().loop().clock().wall()) return false;
  // What does not fit into its queue would be cut off in the middle.
  constexpr std::size_t kPerEvent = 256;  // what a queued packet costs beside its bytes, at most
  const adapter::Replay& missed = restored.missed;
  const std::size_t cost = missed.bytes + missed.events.size() * kPerEvent;
  if (cost <= session_.settings().session.max_queued) return true;
  serve::log_peer(Level::info, "socketio",
                  request_->address + " has missed more than max_queued: it connects as somebody new");
  return false;
}

void Client::begin(std::shared_ptr<NamespaceCore> nsp, Value auth, const Verdict& verdict,
                   std::unique_ptr<adapter::Restored> restored) {
  const hub::LoopIndex home = session_.server().index();
  const std::uint16_t node = session_.server().shared().node;
  auto socket =
      std::make_shared<SocketRecord>(restored ? restored->session.sid : base::new_session_id(home, node),
                                     std::move(nsp), Handshake(request_, std::move(auth)), *this, home);
  if (!request_->identity.empty()) socket->identify(request_->identity);
  sockets_.push_back(socket);
  if (socket->nsp->recovery() != nullptr) {
    socket->recovery = std::make_unique<RecoveryState>();
    socket->recovery->pid = restored ? restored->session.pid : base::new_session_id(home, node);
  }
  if (!restored) return enter(socket, verdict);
  socket->is_recovered = true;
  socket->recovery->data = std::exchange(restored->session.data, std::nullopt);
  socket->recovery->restored = std::move(restored);
  const adapter::Session& before = socket->recovery->restored->session;
  if (io_.options().recovery_skip_middlewares) {
    if (!before.identity.empty()) socket->identify(before.identity);
    return let_in(*socket, before.expires);
  }
  // Gates may take long: what it has missed is looked for again then.
  adapter::Replay& missed = socket->recovery->restored->missed;
  missed = {.from = missed.from, .through = missed.from};
  enter(socket, verdict);
}

// What it has missed goes before the answer to its CONNECT, as in the reference.
void Client::let_back_in(SocketRecord& socket, std::optional<Verdict::Time> until) {
  socket.state = SocketState::connected;
  ++socket.nsp->connected;
  if (!resume(socket)) {
    // While its gates decided, some of it has gone: it comes back as somebody new, by itself.
    socket.nsp->adapter().remove(socket);
    --socket.nsp->connected;
    socket.state = SocketState::entering;
    serve::log_peer(Level::info, "socketio",
                    request_->address + " cannot be restored any more: its connection is closed");
    return close();
  }
  if (socket.client == nullptr) return;  // whoever listens to rooms has thrown it out
  if (!send_essential(*connect_parcel(*socket.nsp, socket.id(), socket.recovery->pid))) return;
  welcome(socket, until);
}

void Client::let_in(SocketRecord& socket, std::optional<Verdict::Time> until) {
  connect_timer_.reset();
  if (socket.recovery && socket.recovery->restored) return let_back_in(socket, until);
  std::optional<std::string_view> pid;
  if (socket.recovery) pid = socket.recovery->pid;
  if (!send_essential(*connect_parcel(*socket.nsp, socket.id(), pid))) return;
  socket.state = SocketState::connected;
  ++socket.nsp->connected;
  socket.nsp->adapter().add(socket);
  if (socket.client == nullptr) return;  // whoever listens to rooms has thrown it out
  if (pid) socket.nsp->recovery()->admit(socket.self(), std::string(*pid));
  welcome(socket, until);
}

void Client::welcome(SocketRecord& socket, std::optional<Verdict::Time> until) {
  if (!socket.rooms_on_entry.empty()) {
    socket.nsp->adapter().join(socket.shared_from_this(), std::exchange(socket.rooms_on_entry, {}));
  }
  if (until) socket.expire_at(*until);
  dispatch_connection(socket.self());
}

void Client::turn_away(SocketRecord& socket, const Verdict& verdict) {
  std::optional<std::string_view> data;
  if (verdict.data()) data = verdict.data()->text;
  send_essential(*connect_error_parcel(*io_.options().parser, socket.nsp->name(), verdict.sentence(), data));
  end_socket(socket, {});
  forget(socket);
}

}  // namespace naru::app
