// One Socket.IO connection: packets of one Engine.IO session, shared out among its sockets in namespaces.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/arrivals.hpp"
#include "app/io_core.hpp"
#include "app/namespace_core.hpp"
#include "app/namespace_search.hpp"
#include "app/recovery.hpp"
#include "app/socket_record.hpp"
#include "base/clock.hpp"
#include "hub/parcel.hpp"
#include "naru/engine.hpp"
#include "naru/parser.hpp"
#include "naru/verdict.hpp"
#include "net/timer_wheel.hpp"
#include "serve/application.hpp"
#include "serve/engine_session.hpp"

namespace naru::app {

struct EngineRecord;

class Client final : public serve::EngineClient {
 public:
  Client(serve::EngineSession& session, IoCore& io, serve::SharedHandshake request);
  ~Client() override;

  SendStatus send(const hub::Parcel& parcel);
  // What its peer must have: a connection without room for it ends.
  bool send_essential(const hub::Parcel& parcel);
  // Bytes of all its sockets that wait.
  std::size_t buffered() const { return session_.machine().queued_bytes(); }
  // A send from another thread has come, and nobody has been told yet that it has left.
  void tell_drain_soon() { session_.tell_drain_soon(); }
  // One socket leaves its namespace, told so with a DISCONNECT; the connection stays.
  void leave(SocketRecord& socket, std::string_view reason);
  // All sockets leave, then the connection ends.
  void leave_all(std::string_view reason);

  // A socket's gates have decided.
  void let_in(SocketRecord& socket, std::optional<Verdict::Time> until);
  void turn_away(SocketRecord& socket, const Verdict& verdict);

  IoCore& io() noexcept { return io_; }
  // The end of a search for a namespace that was not there.
  void found(const NamespaceSearch& search, std::shared_ptr<NamespaceCore> nsp, const Verdict& verdict);
  void not_found(const NamespaceSearch& search, std::string_view why);

  // Its client has come back on another connection: this one is lost.
  void abandon();
  // What a CONNECT with a pid asked for was found, or not.
  void come_back(const std::shared_ptr<Return>& wish, std::optional<adapter::Restored> restored);
  // Everything sent before this time has arrived.
  base::TimePoint confirmed() const { return session_.machine().confirmed(); }

  // Its Engine.IO session, for users.
  EngineSocket conn();
  const std::shared_ptr<EngineRecord>& engine_record();

  // Held events of its sockets are over the limit, or no longer: the connection is not read meanwhile.
  void pause_reading();
  void resume_reading();

  void on_message(std::string_view data, bool binary) override;
  void on_drain() override;
  void on_closed(std::string_view reason, std::string_view description) override;
  void on_server_stop() override;

 private:
  using Sockets = std::vector<std::shared_ptr<SocketRecord>>;

  bool takes_volatile() const;
  Decoding decode(std::string_view data, bool binary);
  void take(const IncomingPacket& packet);
  void connect(const IncomingPacket& packet);
  void admit(std::shared_ptr<NamespaceCore> nsp, Value auth, const Verdict& verdict);
  void begin(std::shared_ptr<NamespaceCore> nsp, Value auth, const Verdict& verdict,
             std::unique_ptr<adapter::Restored> restored);
  bool may_resume(const adapter::Restored& restored) const;
  void let_back_in(SocketRecord& socket, std::optional<Verdict::Time> until);
  void welcome(SocketRecord& socket, std::optional<Verdict::Time> until);
  void refuse_namespace(std::string_view name, std::string_view why);
  Arrivals& arrivals();
  void forget(const NamespaceSearch& search);
  void forget(const std::shared_ptr<Return>& wish);
  // Nobody is left, and nobody is looked for.
  void end_all(std::string_view reason);
  void break_off(std::string_view why);
  void give_up(std::string_view why);
  void close();
  Sockets::iterator find(std::string_view nsp);
  void forget(const SocketRecord& socket);
  void on_connect_timeout();

  using ConnectTimer = net::MemberTimer<Client, &Client::on_connect_timeout>;

  // What a send looks at stands in front.
  serve::EngineSession& session_;
  std::uint32_t written_in_ = 0;  // the callback of the last write; see net::Callback
  std::uint32_t paused_ = 0;
  bool is_over_ = false;
  IoCore& io_;
  serve::SharedHandshake request_;
  Sockets sockets_;  // a few at most: one for each namespace that it has joined or waits to
  std::unique_ptr<Arrivals> arrivals_;  // null most of the time
  std::shared_ptr<EngineRecord> conn_;  // made when first asked for
  const std::unique_ptr<PacketDecoder> decoder_;
  std::unique_ptr<ConnectTimer> connect_timer_;  // until it is in a namespace
  net::Holding pending_;                         // what the decoder holds of an incomplete packet
};

}  // namespace naru::app
