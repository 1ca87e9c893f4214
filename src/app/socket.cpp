#include "naru/socket.hpp"

#include <cassert>
#include <stdexcept>
#include <utility>

#include "app/client.hpp"
#include "app/engine_core.hpp"
#include "app/gates.hpp"
#include "app/outgoing.hpp"
#include "app/parcels.hpp"
#include "app/socket_record.hpp"
#include "app/wait_for.hpp"
#include "naru/broadcast.hpp"
#include "naru/engine.hpp"
#include "naru/namespace.hpp"
#include "socketio/reserved.hpp"

namespace naru {
inline namespace v0 {

using app::SocketRecord;
using app::SocketState;

// --- Ack ---

Ack::Ack(std::shared_ptr<SocketRecord> socket, std::uint64_t id, std::shared_ptr<std::atomic_flag> answered)
    : socket_(std::move(socket)), id_(id), answered_(std::move(answered)) {}
Ack::~Ack() = default;

SendStatus Ack::answer(Emission emission) {
  const std::shared_ptr<SocketRecord> socket = std::move(socket_);
  if (!socket) return SendStatus::dropped;
  if (answered_ && answered_->test_and_set()) return SendStatus::dropped;  // another handler was first
  return socket->send_from_anywhere(app::ack_parcel(*socket->nsp, id_, emission));
}

// --- emits ---

}  // namespace v0

namespace detail {
namespace {

constexpr std::chrono::seconds kAckTimeout{20};  // when no timeout() was given: nobody may wait for ever

}  // namespace

SendStatus emit_to(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags) {
  if (record->recovery) return app::emit_logged(*record, std::move(emission), flags);
  return record->send_from_anywhere(app::outgoing_parcel(*record->nsp, std::nullopt, emission, flags));
}

SendStatus emit_asking(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags,
                       std::optional<std::chrono::milliseconds> timeout, Function<void(Result<Args>)> reply) {
  const std::uint64_t id = record->nsp->next_ack_id();
  const auto limit = timeout.value_or(kAckTimeout);
  hub::SharedParcel parcel = app::outgoing_parcel(*record->nsp, id, emission, flags);
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
  return record->nsp->adapter().hand_over(record->home(), std::move(work), bytes, net::PostKind::event)
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
const std::string& Socket::disconnect_description() const {
  static const std::string kNothing;
  return record_->parting ? record_->parting->description : kNothing;
}
std::size_t Socket::buffered() const {
  assert(record_->is_here() || record_->state == SocketState::gone);
  return record_->client == nullptr ? 0 : record_->client->buffered();
}
bool Socket::recovered() const {
  return record_->is_recovered;
}
Namespace Socket::nsp() const {
  return Namespace(record_->nsp);
}

EngineSocket Socket::conn() const {
  if (record_->client != nullptr) {
    assert(record_->is_here());
    return record_->client->conn();
  }
  auto closed = std::make_shared<app::EngineRecord>(std::string(), record_->handshake, record_->nsp->loops(),
                                                    record_->home());
  closed->end();
  return EngineSocket(std::move(closed));
}

std::any& Socket::data_slot(const detail::DataType& type) {
  assert(record_->is_here() || record_->state == SocketState::gone);
  if (!record_->data.has_value() || record_->data.type() != *type.type) record_->nsp->fix_data_type(type);
  if (record_->recovery && !record_->data.has_value()) app::bring_back_data(*record_, type);
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
Broadcast Socket::in(std::vector<std::string> rooms) const {
  return to(std::move(rooms));
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
          net::PostKind::order);
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
          net::PostKind::order);
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
  if (record_->state != SocketState::connected) return;
  // Once is enough: asked for again and again it must not fill the inbox, as it always passes.
  std::atomic<bool>& was_asked = close_connection ? record_->close_asked : record_->leave_asked;
  if (was_asked.exchange(true, std::memory_order_relaxed)) return;
  record_->nsp->adapter().hand_over(
      record_->home(), [record = record_, close_connection] { record->disconnect(close_connection); }, 0,
      net::PostKind::control);
}

void Socket::refuse_reserved(std::string_view event) {
  if (!socketio::is_reserved_event(event) && event != "connection") return;
  throw std::logic_error(
      "\"" + std::string(event) +
      "\" is no event that a client sends: use on_connection, on_disconnecting, on_disconnect");
}

}  // namespace v0
}  // namespace naru
