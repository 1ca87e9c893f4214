#include "app/socket_record.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "app/client.hpp"
#include "app/io_core.hpp"
#include "app/outgoing.hpp"
#include "app/user_code.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {
namespace {

// What was meant as "for ever" must not overflow the clock.
constexpr std::chrono::milliseconds kLongestTimeout = std::chrono::hours(24 * 365);

}  // namespace

void SocketRecord::deliver(const hub::SharedParcel& parcel) {
  last_send = send(*parcel);
}

void SocketRecord::abandon() {
  if (client != nullptr) client->abandon();
}

// While gates decide there is nothing to leave: they refuse instead, as in the reference.
void SocketRecord::disconnect(bool close_connection) {
  if (client == nullptr || state != SocketState::connected) return;
  constexpr std::string_view kReason = "server namespace disconnect";
  close_connection ? client->leave_all(kReason) : client->leave(*this, kReason);
}

SendStatus SocketRecord::send(const hub::Parcel& parcel) {
  if (client == nullptr || state != SocketState::connected) return SendStatus::dropped;
  if (parcel.note) [[unlikely]] {
    tell_outgoing(*this, parcel);
    if (client == nullptr) return SendStatus::dropped;
  }
  const SendStatus status = client->send(parcel);
  if (status == SendStatus::buffered) owes_drain = true;
  return status;
}

bool SocketRecord::wants_drain() const {
  return !nsp->handlers_here()->drain.empty() || (own && !own->drain.empty());
}

// Whoever posted it was told `buffered`, and may wait for on_drain.
void SocketRecord::send_posted(const hub::Parcel& parcel) {
  if (send(parcel) != SendStatus::sent || client == nullptr || owes_drain || !wants_drain()) return;
  owes_drain = true;
  client->tell_drain_soon();
}

SendStatus SocketRecord::send_from_anywhere(hub::SharedParcel parcel) {
  if (is_here()) return send(*parcel);
  if (state == SocketState::gone) return SendStatus::dropped;
  const std::size_t bytes = parcel->bytes();
  const auto kind = parcel->is_volatile ? net::PostKind::volatile_ : net::PostKind::event;
  auto work = [record = self(), parcel = std::move(parcel)] { record->send_posted(*parcel); };
  return nsp->adapter().hand_over(home(), std::move(work), bytes, kind) ? SendStatus::buffered
                                                                        : SendStatus::dropped;
}

namespace {

// Not now: a reply handler that asks again would be called from inside its own call, without end.
void fail_soon(socketio::AckFunction function, errc reason) {
  auto fail = [function = std::move(function), reason] { function(Error(reason)); };
  serve::LoopServer::here()->loop().at_end_of_turn(std::move(fail));
}

}  // namespace

void SocketRecord::expect_ack(std::uint64_t ack_id, std::chrono::milliseconds timeout,
                              Function<void(Result<Args>)> reply) {
  auto function = [reply = std::move(reply)](Result<ArgsView> answer) {
    guard_user_code("socketio", "a reply handler",
                    [&] { answer ? reply(Args(*answer)) : reply(answer.error()); });
  };
  if (client == nullptr) return fail_soon(std::move(function), errc::disconnected);
  if (!owed) {
    owed = std::make_unique<OwedAcks>(nsp->options().max_pending_acks, [this] { tick_acks(); });
  }
  if (!owed->table.has_room()) return fail_soon(std::move(function), errc::too_many_pending);
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

void SocketRecord::identify(const std::string& who) {
  forget_identity();
  identity = who;
  if (IoCore* io = nsp->io()) io->identities().add(identity, *this);
}

// The handle goes on saying who it was.
void SocketRecord::forget_identity() {
  IoCore* io = nsp->io();
  if (io != nullptr && !identity.empty()) io->identities().remove(identity, *this);
}

void SocketRecord::end_connection() {
  if (client != nullptr) client->leave_all("server namespace disconnect");
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

}  // namespace naru::app
