#include "app/recovery.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/client.hpp"
#include "app/io_core.hpp"
#include "app/namespace_core.hpp"
#include "app/outgoing.hpp"
#include "app/parcels.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "naru/argument.hpp"
#include "naru/parser.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {
namespace {

// The reference's list: the client did not mean to go, and nobody sent it away.
constexpr std::array<std::string_view, 6> kReasonsToComeBack = {
    "transport error", "transport close",      "forced close",
    "ping timeout",    "server shutting down", "forced server close",
};

bool may_come_back(std::string_view reason) {
  return std::find(kReasonsToComeBack.begin(), kReasonsToComeBack.end(), reason) != kReasonsToComeBack.end();
}

std::size_t bytes_of(const Emission& emission) {
  std::size_t sum = emission.text.size();
  for (const Bytes& part : emission.attachments)
    sum += part.size();
  return sum;
}

std::optional<RawJson> data_of(SocketRecord& record) {
  const detail::DataType* type = record.nsp->data_type();
  if (!record.data.has_value() || type == nullptr || type->read == nullptr) {
    return std::move(record.recovery->data);  // nobody has asked for it in this life
  }
  std::optional<RawJson> data;
  guard_user_code("socketio", "the codec of a socket's data", [&] {
    RawJson json;
    ArgumentWriter out(json.text, json.attachments);
    type->write(out, record.data);
    data = std::move(json);
  });
  return data;
}

// Whoever emitted was told `buffered`, and may wait for on_drain; it stands behind the event.
void tell_drain_afterwards(SocketRecord& record) {
  auto tell = [self = record.self()] {
    if (self->client == nullptr || self->owes_drain || !self->wants_drain()) return;
    self->owes_drain = true;
    self->client->tell_drain_soon();
  };
  record.nsp->adapter().hand_over(record.home(), std::move(tell), 0, net::PostKind::order);
}

}  // namespace

adapter::Event logged_event(NamespaceCore& nsp, Emission emission, EmitFlags flags) {
  const std::size_t bytes = bytes_of(emission);
  auto note = outgoing_note(nsp, emission);
  const bool runs_user_code = note != nullptr;
  // No reference to the namespace: it keeps the log that keeps this.
  auto encode = [parser = nsp.options().parser, name = nsp.name(), emission = std::move(emission), flags,
                 note = std::move(note)](std::string_view position) mutable -> hub::SharedParcel {
    ArgumentWriter(emission.text, emission.attachments).string(position);
    hub::SharedParcel parcel = event_parcel(*parser, name, std::nullopt, emission, flags);
    if (!note) return parcel;
    auto watched = std::make_shared<hub::Parcel>(*parcel);
    watched->note = std::move(note);
    return watched;
  };
  return {.encode = std::move(encode),
          .bytes = bytes,
          .is_volatile = flags.is_volatile,
          .runs_user_code = runs_user_code};
}

SendStatus emit_logged(SocketRecord& record, Emission emission, EmitFlags flags) {
  const SocketState state = record.state;
  const bool is_away = state == SocketState::gone && record.may_return && !flags.is_volatile;
  if (state != SocketState::connected && !is_away) return SendStatus::dropped;
  adapter::Selection selection;
  selection.rooms.emplace_back(record.name);
  adapter::Event event = logged_event(*record.nsp, std::move(emission), flags);
  const bool is_here = record.is_here();
  if (is_here) record.last_send = SendStatus::dropped;
  const bool is_done = record.nsp->recovery()->emit(std::move(event), std::move(selection));
  if (is_away) return SendStatus::buffered;
  if (is_here && is_done) return record.last_send;
  tell_drain_afterwards(record);
  return SendStatus::buffered;
}

bool resume(SocketRecord& record) {
  adapter::Adapter& adapter = record.nsp->adapter();
  const std::shared_ptr<SocketRecord> self = record.self();
  const std::unique_ptr<adapter::Restored> restored = std::move(record.recovery->restored);
  adapter.add(record);
  // Whoever listens to rooms may throw it out at any time.
  if (record.client != nullptr) adapter.join(self, restored->session.rooms);
  if (record.client != nullptr) return record.nsp->recovery()->resume(self, std::move(*restored));
  return true;
}

void bring_back_data(SocketRecord& record, const detail::DataType& type) {
  if (type.read == nullptr) return;
  const std::optional<RawJson> before = std::exchange(record.recovery->data, std::nullopt);
  if (!before) return;
  bool is_read = false;
  guard_user_code("socketio", "the codec of a socket's data",
                  [&] { is_read = type.read(*before, record.data); });
  if (is_read) return;
  serve::log_peer(Level::warning, "socketio",
                  "a recovered socket's data does not decode: its codec does not read what it writes");
}

std::optional<adapter::Session> session_to_keep(SocketRecord& record, std::string_view reason) {
  if (!may_come_back(reason)) return std::nullopt;
  adapter::Session session{.pid = record.recovery->pid, .sid = record.name};
  session.rooms = record.nsp->adapter().rooms_of(record);
  session.data = data_of(record);
  session.identity = record.identity;
  if (record.expires != std::chrono::system_clock::time_point()) session.expires = record.expires;
  session.confirmed_at = record.client->confirmed();
  return session;
}

void part_with(SocketRecord& record, std::optional<adapter::Session> session) {
  adapter::Recovery& recovery = *record.nsp->recovery();
  if (!session) return recovery.forget_session(record.recovery->pid);
  record.may_return = true;
  recovery.save_session(record, std::move(*session));
}

void part_before_entry(SocketRecord& record, std::string_view reason) {
  const std::unique_ptr<adapter::Restored> restored = std::move(record.recovery->restored);
  if (!restored || !may_come_back(reason)) return;
  restored->session.data = data_of(record);
  record.nsp->recovery()->give_back(std::move(restored->session));
}

bool seek_session(const std::shared_ptr<Return>& wish) {
  adapter::Recovery* recovery = wish->nsp->recovery();
  if (recovery == nullptr) return false;
  auto pid = wish->auth.get<std::string>("pid");
  if (!pid) return false;
  std::optional<std::string> offset;
  // Whatever is there and is no text is no position either.
  if (const Value given = wish->auth.find("offset"); !given.is_null()) {
    offset = given.get<std::string>().value_or(std::string());
  }
  auto found = [wish](std::optional<adapter::Restored> restored) {
    if (wish->client != nullptr) return wish->client->come_back(wish, std::move(restored));
    if (restored) wish->nsp->recovery()->give_back(std::move(restored->session));
    if (IoCore* io = wish->nsp->io()) io->leave(wish->nsp);
  };
  recovery->restore_session(std::move(*pid), std::move(offset), std::move(found));
  return true;
}

}  // namespace naru::app
