#include "naru/socket.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "app/client.hpp"
#include "app/parcels.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
#include "naru/broadcast.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "socketio/reserved.hpp"

namespace naru {
namespace app {
namespace {

constexpr std::chrono::seconds kAckTimeout{20};  // when no timeout() was given: nobody may wait for ever
// What was meant as "for ever" must not overflow the clock.
constexpr std::chrono::milliseconds kLongestTimeout = std::chrono::hours(24 * 365);

}  // namespace

void SocketRecord::deliver(const hub::SharedParcel& parcel) {
  if (client != nullptr && client->send(*parcel) == SendStatus::buffered) owes_drain = true;
}

void SocketRecord::disconnect(bool close_connection) {
  if (client == nullptr) return;
  constexpr std::string_view kReason = "server namespace disconnect";
  close_connection ? client->leave_all(kReason) : client->leave(*this, kReason);
}

SendStatus SocketRecord::send(const hub::Parcel& parcel) {
  if (client == nullptr || state != SocketState::connected) return SendStatus::dropped;
  const SendStatus status = client->send(parcel);
  if (status == SendStatus::buffered) owes_drain = true;
  return status;
}

bool SocketRecord::wants_drain() const {
  return !nsp->handlers_here()->drain.empty() || (own && !own->drain.empty());
}

// Whoever posted it was told `buffered`, and may wait for on_drain.
void SocketRecord::send_posted(const hub::Parcel& parcel) {
  if (send(parcel) != SendStatus::sent || owes_drain || !wants_drain()) return;
  owes_drain = true;
  client->tell_drain_soon();
}

SendStatus SocketRecord::send_from_anywhere(hub::SharedParcel parcel) {
  if (is_here()) return send(*parcel);
  if (state == SocketState::gone) return SendStatus::dropped;
  const std::size_t bytes = parcel->bytes();
  const auto kind = parcel->is_volatile ? net::PostKind::volatile_ : net::PostKind::event;
  auto work = [record = self(), parcel = std::move(parcel)] { record->send_posted(*parcel); };
  return nsp->loops()->post(home(), std::move(work), bytes, kind) ? SendStatus::buffered
                                                                  : SendStatus::dropped;
}

void SocketRecord::expect_ack(std::uint64_t ack_id, std::chrono::milliseconds timeout,
                              Function<void(Result<Args>)> reply) {
  auto function = [reply = std::move(reply)](Result<ArgsView> answer) {
    guard_user_code("socketio", "a reply handler",
                    [&] { answer ? reply(Args(*answer)) : reply(answer.error()); });
  };
  if (client == nullptr) return function(Error(errc::disconnected));
  if (!owed) {
    owed = std::make_unique<OwedAcks>(nsp->options().max_pending_acks, [this] { tick_acks(); });
  }
  net::Loop& loop = serve::LoopServer::here()->loop();
  owed->table.add(ack_id, std::move(function), loop.now() + std::min(timeout, kLongestTimeout));
  if (owed) loop.timers().schedule(owed->timer, owed->table.deadline());
}

// While the gates decide: on refusal it never was in them.
void SocketRecord::join_on_entry(std::vector<std::string> rooms) {
  assert(is_here());
  const std::size_t room_left = nsp->options().max_rooms_per_socket - rooms_on_entry.size();
  if (rooms.size() > room_left) {
    serve::log_peer(Level::warning, "socketio",
                    "a gate joins more than max_rooms_per_socket rooms; the rest is refused");
    rooms.resize(room_left);
  }
  rooms_on_entry.insert(rooms_on_entry.end(), rooms.begin(), rooms.end());
}

// The wheel's clock never jumps and the world's does: looked at again now and then.
void SocketRecord::expire_at(std::chrono::system_clock::time_point time) {
  constexpr base::Duration kLookAgain = std::chrono::minutes(1);
  net::Loop& loop = serve::LoopServer::here()->loop();
  const auto left = time - loop.clock().wall();
  if (!expiry) expiry = std::make_unique<net::FunctionTimer>([this] { tick_expiry(); });
  expires = time;
  loop.timers().schedule(
      *expiry,
      loop.now() + (left < kLookAgain ? std::chrono::duration_cast<base::Duration>(left) : kLookAgain));
}

void SocketRecord::tick_expiry() {
  const std::shared_ptr<SocketRecord> keep = self();
  if (serve::LoopServer::here()->loop().clock().wall() < expires) return expire_at(expires);
  disconnect(true);
}

void SocketRecord::tick_acks() {
  const std::shared_ptr<SocketRecord> keep = self();
  net::Loop& loop = serve::LoopServer::here()->loop();
  owed->table.tick(loop.now());
  if (owed) loop.timers().schedule(owed->timer, owed->table.deadline());
}

}  // namespace app

inline namespace v0 {

using app::SocketRecord;
using app::SocketState;

// --- Ack ---

Ack::Ack(std::shared_ptr<SocketRecord> socket, std::uint64_t id) : socket_(std::move(socket)), id_(id) {}
Ack::~Ack() = default;

SendStatus Ack::answer(Emission emission) {
  const std::shared_ptr<SocketRecord> socket = std::move(socket_);
  if (!socket) return SendStatus::dropped;
  return socket->send_from_anywhere(app::ack_parcel(*socket->nsp, id_, emission));
}

// --- emits ---

}  // namespace v0

namespace detail {

SendStatus emit_to(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags) {
  return record->send_from_anywhere(app::event_parcel(*record->nsp, std::nullopt, emission, flags));
}

SendStatus emit_asking(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags,
                       std::optional<std::chrono::milliseconds> timeout, Function<void(Result<Args>)> reply) {
  const std::uint64_t id = record->nsp->next_ack_id();
  const auto limit = timeout.value_or(app::kAckTimeout);
  hub::SharedParcel parcel = app::event_parcel(*record->nsp, id, emission, flags);
  if (record->is_here()) {
    record->expect_ack(id, limit, std::move(reply));
    return record->send(*parcel);
  }
  const std::size_t bytes = parcel->bytes();
  auto work = [record, id, limit, parcel = std::move(parcel), reply = std::move(reply)]() mutable {
    record->expect_ack(id, limit, std::move(reply));
    record->send_posted(*parcel);
  };
  // Refused work takes the reply with it: a limit on what is posted is a limit on what may be asked.
  return record->nsp->loops()->post(record->home(), std::move(work), bytes, net::PostKind::event)
             ? SendStatus::buffered
             : SendStatus::dropped;
}

}  // namespace detail

inline namespace v0 {

Task<Result<Args>> SocketEmitter::ask(Emission emission) {
  Completion<Args> completion;
  Later<Args> answer = completion.later();
  detail::emit_asking(record_, std::move(emission), flags_, timeout_, app::completing(std::move(completion)));
  return app::wait_for(std::move(answer));
}

// --- Socket ---

const std::string& Socket::id() const {
  return record_->name;
}
const Handshake& Socket::handshake() const {
  return record_->handshake;
}
std::string_view Socket::namespace_name() const {
  return record_->nsp->name();
}
const std::string& Socket::identity() const {
  return record_->identity;
}
bool Socket::connected() const {
  return record_->state == SocketState::connected;
}
std::size_t Socket::buffered() const {
  assert(record_->is_here() || record_->state == SocketState::gone);
  return record_->client == nullptr ? 0 : record_->client->buffered();
}

std::any& Socket::data_slot(const std::type_info& type) {
  assert(record_->is_here() || record_->state == SocketState::gone);
  if (!record_->data.has_value() || record_->data.type() != type) record_->nsp->fix_data_type(type);
  return record_->data;
}

Broadcast Socket::broadcast() const {
  return Broadcast(record_->nsp).except(record_->name);
}
Broadcast Socket::to(std::string room) const {
  return broadcast().to(std::move(room));
}
Broadcast Socket::to(std::vector<std::string> rooms) const {
  return broadcast().to(std::move(rooms));
}
Broadcast Socket::in(std::string room) const {
  return to(std::move(room));
}
Broadcast Socket::except(std::string room) const {
  return broadcast().except(std::move(room));
}
Broadcast Socket::except(std::vector<std::string> rooms) const {
  return broadcast().except(std::move(rooms));
}
Broadcast Socket::local() const {
  return broadcast().local();
}

void Socket::join(std::string room) {
  join(std::vector<std::string>{std::move(room)});
}
void Socket::join(std::vector<std::string> rooms) {
  switch (record_->state) {
    case SocketState::connected:
      return record_->nsp->adapter().join(record_, std::move(rooms));
    case SocketState::entering:
      if (record_->is_here()) return record_->join_on_entry(std::move(rooms));
      // A gate's other thread: before its decision, which goes the same way.
      record_->nsp->loops()->post(
          record_->home(), [record = record_, rooms = std::move(rooms)] { Socket(record).join(rooms); }, 0,
          net::PostKind::control);
      return;
    case SocketState::gone:
      return;
  }
}
void Socket::leave(std::string room) {
  switch (record_->state) {
    case SocketState::connected:
      return record_->nsp->adapter().leave(record_, std::move(room));
    case SocketState::entering:
      if (record_->is_here()) return void(std::erase(record_->rooms_on_entry, room));
      record_->nsp->loops()->post(
          record_->home(), [record = record_, room = std::move(room)] { Socket(record).leave(room); }, 0,
          net::PostKind::control);
      return;
    case SocketState::gone:
      return;
  }
}
std::vector<std::string> Socket::rooms() const {
  if (record_->state != SocketState::connected) return {};
  return record_->nsp->adapter().rooms_of(*record_);
}

void Socket::disconnect(bool close_connection) {
  if (record_->is_here()) return record_->disconnect(close_connection);
  record_->nsp->loops()->post(
      record_->home(), [record = record_, close_connection] { record->disconnect(close_connection); }, 0,
      net::PostKind::control);
}

void Socket::refuse_reserved(std::string_view event) {
  if (!socketio::is_reserved_event(event) && event != "connection") return;
  throw std::logic_error(
      "\"" + std::string(event) +
      "\" is no event that a client sends: use on_connection, on_disconnecting, on_disconnect");
}

namespace {

app::HandlerTable& own_handlers(SocketRecord& record) {
  assert(record.is_here());
  if (!record.own) record.own = std::make_unique<app::HandlerTable>();
  return *record.own;
}

}  // namespace

void Socket::add_handler(std::string event, EventHandler handler) {
  if (record_->state == SocketState::gone) return;
  own_handlers(*record_).events[std::move(event)].push_back(
      std::make_shared<const EventHandler>(std::move(handler)));
}
void Socket::on_any(Function<void(Socket&, std::string_view, const ArgsView&)> handler) {
  if (record_->state == SocketState::gone) return;
  own_handlers(*record_).any.push_back(std::make_shared<const app::AnyHandler>(std::move(handler)));
}
void Socket::on_drain(Function<void(Socket&)> handler) {
  if (record_->state == SocketState::gone) return;
  own_handlers(*record_).drain.push_back(std::make_shared<const app::DrainHandler>(std::move(handler)));
}
void Socket::on_disconnecting(Function<void(Socket&, std::string_view)> handler) {
  if (record_->state == SocketState::gone) return;
  own_handlers(*record_).disconnecting.push_back(
      std::make_shared<const app::ReasonHandler>(std::move(handler)));
}
void Socket::on_disconnect(Function<void(Socket&, std::string_view)> handler) {
  if (record_->state == SocketState::gone) return;
  own_handlers(*record_).disconnect.push_back(std::make_shared<const app::ReasonHandler>(std::move(handler)));
}

}  // namespace v0
}  // namespace naru
