#include "app/engine_connection.hpp"

#include <utility>

#include "app/user_code.hpp"

namespace naru::app {
namespace {

std::string_view name_of(engineio::PacketType type) {
  switch (type) {
    case engineio::PacketType::open:
      return "open";
    case engineio::PacketType::close:
      return "close";
    case engineio::PacketType::ping:
      return "ping";
    case engineio::PacketType::pong:
      return "pong";
    case engineio::PacketType::message:
      return "message";
    case engineio::PacketType::upgrade:
      return "upgrade";
    case engineio::PacketType::noop:
      return "noop";
  }
  return {};
}

}  // namespace

EngineConnection::EngineConnection(const EngineHandlers& handlers, std::shared_ptr<EngineRecord> record,
                                   std::unique_ptr<serve::EngineClient> inner)
    : handlers_(handlers), record_(std::move(record)), handle_(record_), inner_(std::move(inner)) {}

template <class... Parameters, class... Arguments>
void EngineConnection::tell(const EngineHandlers::List<EngineSocket&, Parameters...>& handlers,
                            const Arguments&... arguments) {
  for (const auto& handler : handlers)
    guard_user_code("engineio", "a handler", [&] { handler(handle_, arguments...); });
}

void EngineConnection::on_open() {
  if (inner_) inner_->on_open();
  tell(handlers_.connection);
}

void EngineConnection::on_message(std::string_view data, bool binary) {
  if (inner_) inner_->on_message(data, binary);
  tell(handlers_.message, Message{data, binary});
}

void EngineConnection::on_drain() {
  if (inner_) inner_->on_drain();
  tell(handlers_.drain);
}

void EngineConnection::on_upgrading() {
  if (inner_) inner_->on_upgrading();
  tell(handlers_.upgrading);
}

void EngineConnection::on_upgrade() {
  if (inner_) inner_->on_upgrade();
  tell(handlers_.upgrade);
}

void EngineConnection::on_heartbeat() {
  if (inner_) inner_->on_heartbeat();
  tell(handlers_.heartbeat);
}

bool EngineConnection::observes_packets() const {
  return !handlers_.packet.empty() || !handlers_.packet_create.empty();
}

void EngineConnection::on_packet(const engineio::PacketView& packet) {
  tell(handlers_.packet, EnginePacket{name_of(packet.type), packet.data, packet.binary});
}

void EngineConnection::on_packet_create(const engineio::Packet& packet) {
  const std::string_view data = packet.binary ? packet.body() : packet.body().substr(1);
  tell(handlers_.packet_create, EnginePacket{name_of(packet.type), data, packet.binary});
}

// The handle says that it is closed before anybody is told.
void EngineConnection::on_closed(std::string_view reason, std::string_view description) {
  record_->end();
  if (inner_) inner_->on_closed(reason, description);
  tell(handlers_.close, reason);
}

void EngineConnection::on_server_stop() {
  if (inner_) inner_->on_server_stop();
}

}  // namespace naru::app
