#include <utility>

#include "app/engine_core.hpp"
#include "app/parcels.hpp"
#include "naru/engine.hpp"
#include "serve/polling.hpp"

namespace naru {
namespace app {
namespace {

SendStatus send_here(EngineRecord& record, const hub::Part& part, bool compress) {
  if (record.session == nullptr) return SendStatus::dropped;
  switch (record.session->send(packet_of(part, compress))) {
    case engineio::SendResult::sent:
      return SendStatus::sent;
    case engineio::SendResult::buffered:
      return SendStatus::buffered;
    case engineio::SendResult::dropped:
      return SendStatus::dropped;
  }
  return SendStatus::dropped;
}

void close_here(EngineRecord& record, bool discard) {
  if (record.session == nullptr) return;
  if (discard) return record.session->machine().abort(engineio::CloseReason::forced_close);
  record.session->close();
}

}  // namespace
}  // namespace app

inline namespace v0 {

const std::string& EngineSocket::id() const {
  return record_->id;
}
const Handshake& EngineSocket::handshake() const {
  return record_->handshake;
}
const std::string& EngineSocket::identity() const {
  return record_->identity;
}
std::string_view EngineSocket::remote_address() const {
  return record_->handshake.address();
}
bool EngineSocket::open() const {
  return record_->is_open;
}
std::string_view EngineSocket::transport() const {
  return record_->session == nullptr ? std::string_view()
                                     : engineio::to_text(record_->session->machine().transport());
}
bool EngineSocket::upgrading() const {
  return record_->session != nullptr && record_->session->machine().is_upgrading();
}
bool EngineSocket::upgraded() const {
  return transport() == "websocket" && handshake().query("transport") == "polling";
}

std::optional<EngineRequest> EngineSocket::request() const {
  if (record_->session == nullptr) return std::nullopt;
  const serve::PostBody* post = record_->session->post();
  return post == nullptr ? std::nullopt : std::optional(EngineRequest(post->describe()));
}

SendStatus EngineSocket::send(Message message) {
  hub::Part part = app::message_part(message.data, message.binary);
  if (record_->loops->is_here(record_->home)) return app::send_here(*record_, part, message.compress);
  if (!record_->is_open) return SendStatus::dropped;
  const std::size_t bytes = part.frame.size();
  auto work = [record = record_, part = std::move(part), compress = message.compress] {
    // Whoever posted it was told `buffered`, and may wait for on_drain.
    const bool is_sent = app::send_here(*record, part, compress) == SendStatus::sent;
    if (is_sent && record->session != nullptr) record->session->tell_drain_soon();
  };
  return record_->loops->post(record_->home, std::move(work), bytes, net::PostKind::event)
             ? SendStatus::buffered
             : SendStatus::dropped;
}

std::size_t EngineSocket::buffered() const {
  return record_->session == nullptr ? 0 : record_->session->machine().queued_bytes();
}

void EngineSocket::close(bool discard) {
  if (record_->loops->is_here(record_->home)) return app::close_here(*record_, discard);
  // Once of each kind is enough: it always passes, and must not fill the inbox.
  std::atomic<bool>& was_asked = discard ? record_->discard_asked : record_->close_asked;
  if (was_asked.exchange(true, std::memory_order_relaxed)) return;
  auto work = [record = record_, discard] { app::close_here(*record, discard); };
  record_->loops->post(record_->home, std::move(work), 0, net::PostKind::control);
}

}  // namespace v0
}  // namespace naru
