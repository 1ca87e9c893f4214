#include "serve/route_call.hpp"

#include <utility>

#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {
namespace {

bool changes_state(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

}  // namespace

void serve_route(HttpConnection& connection, http::Exchange& exchange, const Door& door) {
  LoopServer& server = connection.server();
  const RouteSettings& settings = server.application().http_route(door.number);
  const http::RequestHead& head = exchange.head();
  if (settings.check_origin && changes_state(head.method())) {
    const std::string foreign =
        connection.refuse_origin(head, settings.origins, connection.is_secure(head, exchange));
    if (!foreign.empty()) {
      log_peer(Level::warning, "origin", foreign);
      http::ResponseHead refused{403};
      refused.add("Content-Type", "text/plain; charset=utf-8");
      return exchange.respond(std::move(refused), base::Slice::borrowed("this page may not do that"));
    }
  }
  exchange.set_body_limit(settings.max_body);
  connection.receive(std::make_unique<RouteCall>(connection, exchange, door)).start();
}

RouteCall::RouteCall(HttpConnection& connection, http::Exchange& exchange, Door door)
    : connection_(connection),
      exchange_(exchange),
      server_(connection.server()),
      door_(std::move(door)),
      settings_(server_.application().http_route(door_.number)) {}

RouteCall::~RouteCall() {
  end();
}

void RouteCall::start() {
  name_ = server_.expect_answer(*this);
  if (!settings_.upload_directory.empty()) {
    auto done = [this](Result<StoredBody> file) { on_uploaded(std::move(file)); };
    auto pause = [this](bool is_full) { is_full ? exchange_.pause_body() : exchange_.resume_body(); };
    upload_ =
        std::make_unique<Upload>(settings_.upload_directory, server_.shared().workers, server_.shared().loops,
                                 server_.index(), std::move(pause), std::move(done));
  }
  exchange_.set_events(this);
}

void RouteCall::on_body(std::string_view piece) {
  if (upload_) {
    upload_->add(piece);
  } else {
    body_.append(piece);
  }
}

void RouteCall::on_body_end() {
  if (upload_) return upload_->finish();
  ask(std::nullopt);
}

void RouteCall::on_uploaded(Result<StoredBody> file) {
  if (file) return ask(std::move(*file));
  log_peer(Level::error, "http", "an upload could not be written: " + file.error().message());
  respond(http::ResponseHead{500}, {});
}

void RouteCall::ask(std::optional<StoredBody> upload) {
  RouteRequest request;
  request.address = connection_.client_address(exchange_.head());
  request.secure = connection_.is_secure(exchange_.head(), exchange_);
  request.head = exchange_.take_head();
  request.params = std::move(door_.params);
  request.body = std::move(body_);
  request.upload = std::move(upload);
  server_.application().request(door_.number, std::move(request), *name_);
}

void RouteCall::on_abort() {
  if (!name_) return;  // answered
  upload_.reset();
  end();
  if (auto on_close = std::move(on_close_)) on_close();
}

void RouteCall::end() {
  if (name_) server_.forget_answer(*name_);
  name_.reset();
}

void RouteCall::respond(http::ResponseHead head, const base::Slice& body) {
  end();
  exchange_.respond(std::move(head), body);
}

void RouteCall::start_answer(http::ResponseHead head, std::optional<std::uint64_t> length) {
  exchange_.start(std::move(head), length);
}

// One piece may be as large as it likes: only what is written behind too much is too much.
std::size_t RouteCall::write(const base::Slice& piece) {
  if (exchange_.buffered() > settings_.max_queued) {
    note_backlog();
  } else {
    exchange_.write(piece);
  }
  return exchange_.buffered();
}

// At the end of the turn: whoever writes is on the stack.
void RouteCall::note_backlog() {
  if (std::exchange(is_cutting_, true)) return;
  log_peer(Level::warning, "http",
           connection_.address() + " does not read: max_queued is reached, it is cut off");
  server_.loop().at_end_of_turn([&server = server_, name = *name_] {
    if (RouteCall* call = server.find_answer(name)) call->cut();
  });
}

void RouteCall::cut() {
  exchange_.abort();
  on_abort();
}

void RouteCall::finish() {
  end();
  exchange_.finish();
}

}  // namespace naru::serve
