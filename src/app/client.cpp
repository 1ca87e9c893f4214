#include "app/client.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "app/dispatch.hpp"
#include "app/engine_core.hpp"
#include "app/parcels.hpp"
#include "app/user_code.hpp"
#include "net/callback.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {

Client::Client(serve::EngineSession& session, IoCore& io, serve::SharedHandshake request)
    : session_(session),
      io_(io),
      request_(std::move(request)),
      decoder_(io.options().parser->make_decoder(
          {.max_attachments = io.options().max_attachments, .max_payload = io.options().max_payload})),
      connect_timer_(std::make_unique<ConnectTimer>(*this)),
      pending_(session.server().loop().ledger(), net::Account::messages) {
  session_.server().loop().timers().schedule(*connect_timer_, session_.now() + io_.options().connect_timeout);
}

Client::~Client() = default;

// On a WebSocket as npm's server has it: what was written in this callback is still on its way out. A waiting
// GET says by itself whether it is there.
bool Client::takes_volatile() const {
  const engineio::Session& machine = session_.machine();
  if (!machine.writable_now()) return false;
  return machine.transport() == engineio::Transport::polling || written_in_ != net::Callback::current();
}

SendStatus Client::send(const hub::Parcel& parcel) {
  if (is_over_ || parcel.empty()) return SendStatus::dropped;
  if (parcel.is_volatile && !takes_volatile()) return SendStatus::dropped;
  written_in_ = net::Callback::current();
  engineio::SendResult result = session_.send(packet_of(parcel.head, parcel.compress));
  if (result == engineio::SendResult::dropped) return SendStatus::dropped;
  for (const hub::Part& part : parcel.more)
    result = session_.send(packet_of(part, parcel.compress, true));
  switch (result) {
    case engineio::SendResult::sent:
      return SendStatus::sent;
    case engineio::SendResult::buffered:
      return SendStatus::buffered;
    case engineio::SendResult::dropped:
      return SendStatus::dropped;
  }
  return SendStatus::dropped;
}

// Without it the client would wait for ever, or believe what is not so: rather no connection than that.
bool Client::send_essential(const hub::Parcel& parcel) {
  const bool is_sent = send(parcel) != SendStatus::dropped;
  const engineio::Session& machine = session_.machine();
  if (!is_sent && machine.state() == engineio::SessionState::open && machine.is_full())
    session_.end_slow_reader();
  if (parcel.empty()) close();  // the parser cannot say it
  return is_sent;
}

void Client::on_drain() {
  for (const auto& socket : Sockets(sockets_))
    if (socket->owes_drain) dispatch_drain(*socket);
}

void Client::on_message(std::string_view data, bool binary) {
  if (is_over_) return;
  net::Callback::begin();
  const Decoding decoding = decode(data, binary);
  if (decoding.status == Decoding::Status::incomplete || pending_.bytes() > 0)
    pending_.set(decoder_->pending_bytes());
  switch (decoding.status) {
    case Decoding::Status::packet:
      return take(decoding.packet);
    case Decoding::Status::error:
      return break_off(decoding.error);
    case Decoding::Status::incomplete:
      return;
  }
}

Decoding Client::decode(std::string_view data, bool binary) {
  try {
    return decoder_->decode(data, binary);
  } catch (...) {
    return {.status = Decoding::Status::error,
            .error = "the parser threw: " + describe(std::current_exception())};
  }
}

Client::Sockets::iterator Client::find(std::string_view nsp) {
  return std::find_if(sockets_.begin(), sockets_.end(), [&](const auto& s) { return s->nsp->name() == nsp; });
}

void Client::take(const IncomingPacket& packet) {
  auto found = find(packet.nsp);
  if (packet.kind == PacketKind::connect) {
    if (found != sockets_.end() || (arrivals_ && arrivals_->has(packet.nsp))) {
      return give_up("a second CONNECT to the same namespace");
    }
    return connect(packet);
  }
  if (found == sockets_.end() || (*found)->state != SocketState::connected) {
    return give_up("a packet for a namespace that was not joined");
  }
  const std::shared_ptr<SocketRecord> socket = *found;
  if (packet.kind == PacketKind::event) {
    if (packet.arguments.empty()) return give_up("an event without a name");
    return dispatch_event(socket, packet);
  }
  if (packet.kind == PacketKind::ack) return dispatch_ack(*socket, packet);
  end_socket(*socket, "client namespace disconnect");
  forget(*socket);
}

// Protocol errors end the whole connection, as in the reference; the client sees why only in its own log.
void Client::give_up(std::string_view why) {
  serve::log_peer(Level::info, "socketio", request_->address + " broke the protocol: " + std::string(why));
  close();
}

// What cannot be decoded is an error of every socket of the connection, as in the reference.
void Client::break_off(std::string_view why) {
  for (const auto& socket : Sockets(sockets_))
    report_error(socket, {.source = HandlerError::Source::decoder, .message = std::string(why)});
  give_up(why);
}

// Nobody stays behind: on polling the session itself ends only when its client comes for the goodbye.
void Client::close() {
  session_.close();
  end_all("forced close");
}

void Client::end_all(std::string_view reason) {
  if (const auto arrivals = std::move(arrivals_)) arrivals->abandon();
  for (const auto& socket : std::exchange(sockets_, {}))
    end_socket(*socket, reason);
}

const std::shared_ptr<EngineRecord>& Client::engine_record() {
  if (!conn_) conn_ = EngineRecord::of(session_, request_, io_.loops());
  return conn_;
}

void Client::abandon() {
  session_.machine().abort(engineio::CloseReason::transport_close, "the client has come back");
}

EngineSocket Client::conn() {
  return EngineSocket(engine_record());
}

void Client::forget(const SocketRecord& socket) {
  std::erase_if(sockets_, [&](const auto& each) { return each.get() == &socket; });
}

void Client::leave(SocketRecord& socket, std::string_view reason) {
  const std::shared_ptr<SocketRecord> keep = socket.self();
  if (socket.is_ending) return;  // asked for again, by who is told of the end
  if (socket.state == SocketState::connected) send_essential(*disconnect_parcel(*socket.nsp));
  end_socket(socket, reason);
  forget(socket);
}

void Client::leave_all(std::string_view reason) {
  for (const auto& socket : Sockets(sockets_))
    leave(*socket, reason);
  end_all(reason);
  session_.close();
}

void Client::on_closed(std::string_view reason, std::string_view description) {
  is_over_ = true;
  for (const auto& socket : sockets_)
    if (!description.empty()) socket->farewell().description = description;
  connect_timer_.reset();
  if (conn_) conn_->end();
  end_all(reason);
}

// No DISCONNECT packet: the client shall come back, to whoever serves then.
void Client::on_server_stop() {
  end_all("server shutting down");
}

void Client::on_connect_timeout() {
  serve::log_peer(Level::info, "socketio", request_->address + " joined no namespace in time");
  close();
}

void Client::pause_reading() {
  if (paused_++ == 0 && !is_over_) session_.pause();
}

void Client::resume_reading() {
  if (--paused_ == 0 && !is_over_) session_.resume();
}

}  // namespace naru::app
