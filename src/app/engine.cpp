#include "naru/engine.hpp"

#include <utility>

#include "app/engine_core.hpp"
#include "app/parcels.hpp"
#include "app/user_code.hpp"

namespace naru {
namespace app {
namespace {

class Connection final : public serve::EngineClient {
 public:
  Connection(const EngineCore& core, std::shared_ptr<EngineRecord> record)
      : core_(core), handle_(record), record_(std::move(record)) {}

  void begin() { guarded(core_.on_connection, handle_); }
  void on_message(std::string_view data, bool binary) override {
    guarded(core_.on_message, handle_, Message{data, binary});
  }
  void on_drain() override { guarded(core_.on_drain, handle_); }
  void on_closed(std::string_view reason, std::string_view) override {
    record_->is_open = false;
    record_->session = nullptr;
    guarded(core_.on_close, handle_, reason);
  }
  void on_server_stop() override {}

 private:
  template <class Handler, class... Arguments>
  static void guarded(const Handler& handler, Arguments&&... arguments) {
    if (!handler) return;
    guard_user_code("engineio", "a handler", [&] { handler(std::forward<Arguments>(arguments)...); });
  }

  const EngineCore& core_;
  EngineSocket handle_;
  std::shared_ptr<EngineRecord> record_;
};

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

}  // namespace

std::unique_ptr<serve::EngineClient> EngineCore::open(serve::EngineSession& session,
                                                      serve::SharedHandshake request) {
  auto record = std::make_shared<EngineRecord>(session.sid(), Handshake(std::move(request)), loops_,
                                               hub::LoopGroup::current_loop());
  record->session = &session;
  auto connection = std::make_unique<Connection>(*this, std::move(record));
  connection->begin();
  return connection;
}

}  // namespace app

inline namespace v0 {

const std::string& EngineSocket::id() const {
  return record_->id;
}
const Handshake& EngineSocket::handshake() const {
  return record_->handshake;
}
bool EngineSocket::open() const {
  return record_->is_open;
}
std::string_view EngineSocket::transport() const {
  return record_->session == nullptr ? std::string_view()
                                     : engineio::to_text(record_->session->machine().transport());
}

SendStatus EngineSocket::send(Message message) {
  hub::Part part = app::message_part(message.data, message.binary);
  if (record_->loops->is_here(record_->home)) return app::send_here(*record_, part, message.compress);
  if (!record_->is_open) return SendStatus::dropped;
  const std::size_t bytes = part.frame.size();
  auto work = [record = record_, part = std::move(part), compress = message.compress] {
    // Whoever posted it was told `buffered`, and may wait for on_drain.
    if (app::send_here(*record, part, compress) == SendStatus::sent) record->session->tell_drain_soon();
  };
  return record_->loops->post(record_->home, std::move(work), bytes, net::PostKind::event)
             ? SendStatus::buffered
             : SendStatus::dropped;
}

std::size_t EngineSocket::buffered() const {
  return record_->session == nullptr ? 0 : record_->session->machine().queued_bytes();
}

void EngineSocket::close() {
  auto work = [record = record_] {
    if (record->session != nullptr) record->session->close();
  };
  if (record_->loops->is_here(record_->home)) return work();
  record_->loops->post(record_->home, std::move(work), 0, net::PostKind::control);
}

Engine::Engine(std::shared_ptr<app::EngineCore> core) : core_(std::move(core)) {}
Engine::~Engine() = default;
void Engine::on_connection(Function<void(EngineSocket&)> handler) {
  core_->on_connection = std::move(handler);
}
void Engine::on_message(Function<void(EngineSocket&, Message)> handler) {
  core_->on_message = std::move(handler);
}
void Engine::on_drain(Function<void(EngineSocket&)> handler) {
  core_->on_drain = std::move(handler);
}
void Engine::on_close(Function<void(EngineSocket&, std::string_view)> handler) {
  core_->on_close = std::move(handler);
}

}  // namespace v0
}  // namespace naru
