// One HTTP/1.1 connection on a loop: the stream, its session, its timer, and whoever answers the current
// request.
#pragma once

#include <memory>
#include <string>

#include "http/exchange.hpp"
#include "http/http1_session.hpp"
#include "net/tcp_stream.hpp"
#include "net/timer_wheel.hpp"
#include "serve/application.hpp"
#include "serve/resident.hpp"

namespace naru::serve {

class LoopServer;

// Answers one request: told about its body and its end. The connection owns it until the exchange is over.
class Visitor : public http::ExchangeEvents {
 public:
  void on_body(std::string_view) override {}
  void on_body_end() override {}
  void on_abort() override {}
  // The server stops: what waits is to be answered, what goes on is to end, in its own words.
  virtual void on_server_stop() {}
};

class HttpConnection final : public Resident, private http::Http1Owner {
 public:
  HttpConnection(LoopServer& server, std::unique_ptr<base::ByteStream> stream, net::TcpStream& tcp,
                 std::string address);
  ~HttpConnection() override;

  // Joins the loop and reads.
  void start();
  // The two halves of moving to another loop; see LoopServer::hand_over.
  void leave_loop();
  void join_loop(LoopServer& server);

  LoopServer& server() noexcept { return *server_; }
  // The address of the peer of the socket, a proxy perhaps.
  const std::string& address() const noexcept { return address_; }

  // Who the request is from and how it came, as far as trusted proxies tell; with a copy of its head.
  std::shared_ptr<HandshakeRequest> copy_handshake(const http::Exchange& exchange);
  std::string client_address(const http::RequestHead& head) const;
  bool is_secure(const http::RequestHead& head, const http::Exchange& exchange) const;
  // Empty: allowed. Else why not, with the option to change.
  std::string refuse_origin(const http::RequestHead& head, const Origins& origins, bool secure) const;

  // The visitor of the current exchange; the one before is freed at the end of the turn.
  template <class T>
  T& receive(std::unique_ptr<T> visitor) {
    T& received = *visitor;
    replace_visitor(std::move(visitor));
    return received;
  }
  // The visitor has answered: it is freed at the end of the turn.
  void dismiss(const Visitor& visitor) {
    if (visitor_.get() == &visitor) replace_visitor(nullptr);
  }
  // For exchanges that are upgraded: whoever takes the stream is counted from now on.
  std::string release_address();

  void say_goodbye() override;
  void cut() override;

 private:
  void on_request(http::Http1Session& session, http::Exchange& exchange) override;
  bool belongs_elsewhere(const http::RequestHead& head) override;
  void on_deadline_changed(http::Http1Session& session) override;
  void on_session_over(http::Http1Session& session) override;
  void on_refused(http::Http1Session& session, int status, std::string_view reason) override;
  void on_timer();
  void replace_visitor(std::unique_ptr<Visitor> visitor);
  void answer_nothing_here(http::Exchange& exchange, const Door& door);
  void answer_file(http::Exchange& exchange, const Door& door);

  LoopServer* server_;
  net::TcpStream* tcp_;  // below the session's stream
  std::string address_;
  bool is_counted_ = true;
  http::Http1Session session_;
  std::unique_ptr<Visitor> visitor_;
  net::MemberTimer<HttpConnection, &HttpConnection::on_timer> timer_{*this};
};

}  // namespace naru::serve
