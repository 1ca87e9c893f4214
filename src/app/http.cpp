#include "naru/http.hpp"

#include <system_error>
#include <utility>

#include "app/http_records.hpp"
#include "app/user_code.hpp"
#include "http/cookies.hpp"
#include "http/query.hpp"
#include "naru/log.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/route_call.hpp"

namespace naru {
namespace app {
namespace {

// On the loop that owes the answer.
serve::RouteCall* find_call(serve::AnswerName name) {
  serve::LoopServer* server = serve::LoopServer::here();
  return server == nullptr ? nullptr : server->find_answer(name);
}

// Runs `act(RouteCall&)` there: now, or by post. A call that is over is dropped. False: refused.
template <class Act>
bool run_at_call(const ResponseRecord& record, std::size_t bytes, Act act,
                 net::PostKind kind = net::PostKind::control) {
  if (record.loops->is_here(record.name.loop)) {
    if (serve::RouteCall* call = find_call(record.name)) act(*call);
    return true;
  }
  auto work = [name = record.name, act = std::move(act)]() mutable {
    if (serve::RouteCall* call = find_call(name)) act(*call);
  };
  return record.loops->post(record.name.loop, std::move(work), bytes, kind);
}

// Of a streamed answer a piece is missing: better cut than whole to look at. The one post for it always
// passes.
void cut(ResponseRecord& record) {
  record.is_answered = true;
  serve::log_peer(Level::warning, "http",
                  "a streamed answer is cut off: too much that was written to it waits for its loop");
  run_at_call(record, 0, [](serve::RouteCall& call) { call.cut(); });
}

void respond(ResponseRecord& record, base::Slice body) {
  respond(record, std::move(record.head), std::move(body));
}

bool has_field(const http::ResponseHead& head, std::string_view name) {
  return head.fields.count(name) > 0;
}

}  // namespace

void respond(ResponseRecord& record, http::ResponseHead head, base::Slice body) {
  if (std::exchange(record.is_answered, true)) return;
  const std::size_t bytes = body.bytes.size();
  run_at_call(record, bytes,
              [head = std::move(head), body = std::move(body)](serve::RouteCall& call) mutable {
                call.respond(std::move(head), body);
              });
}

RequestRecord::RequestRecord(serve::RouteRequest from) : request(std::move(from)) {
  if (!request.upload) return;
  upload = UploadedFile{request.upload->path, request.upload->size, request.upload->head};
}

RequestRecord::~RequestRecord() {
  if (!upload || is_upload_kept) return;
  std::error_code ignored;
  std::filesystem::remove(upload->path, ignored);
}

ResponseRecord::~ResponseRecord() {
  if (is_answered) return;
  if (is_started) {
    run_at_call(*this, 0, [](serve::RouteCall& call) { call.finish(); });
    return;
  }
  serve::log_peer(Level::warning, "http", "a Response was dropped without an answer: 500");
  head = http::ResponseHead{500};
  respond(*this, {});
}

}  // namespace app

inline namespace v0 {

// --- Request ---

Request::Request(std::unique_ptr<app::RequestRecord> record) : record_(std::move(record)) {}
Request::Request(Request&&) noexcept = default;
Request& Request::operator=(Request&&) noexcept = default;
Request::~Request() = default;

std::string_view Request::method() const {
  return record_->request.head.method();
}
std::string_view Request::path() const {
  return record_->request.head.path();
}
std::string_view Request::target() const {
  return record_->request.head.target();
}
std::string_view Request::param(std::string_view name) const {
  for (const auto& [key, value] : record_->request.params) {
    if (key == name) return value;
  }
  return {};
}
std::optional<std::string> Request::query(std::string_view name) const {
  return http::Query(record_->request.head.query()).get(name);
}
std::optional<std::string_view> Request::header(std::string_view name) const {
  return record_->request.head.find(name);
}
std::optional<std::string> Request::cookie(std::string_view name) const {
  return http::find_cookie(record_->request.head, name);
}
std::string_view Request::body() const {
  return record_->request.body;
}
Value Request::json() const {
  return Value::parse(record_->request.body).value_or(Value());
}
const UploadedFile* Request::upload() const {
  return record_->upload ? &*record_->upload : nullptr;
}
bool Request::keep_upload(const std::filesystem::path& destination) {
  if (!record_->upload || record_->is_upload_kept) return false;
  std::error_code failure;
  std::filesystem::rename(record_->upload->path, destination, failure);
  if (failure) {
    log(Level::error, "http",
        "an upload cannot be kept as " + destination.string() + ": " + failure.message());
    return false;
  }
  record_->is_upload_kept = true;
  record_->upload->path = destination;
  return true;
}
std::string_view Request::address() const {
  return record_->request.address;
}
bool Request::secure() const {
  return record_->request.secure;
}

// --- Response ---

Response::Response(std::unique_ptr<app::ResponseRecord> record) : record_(std::move(record)) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;

Response& Response::status(int code) {
  record_->head.status = code;
  return *this;
}

Response& Response::header(std::string_view name, std::string_view value) {
  if (!record_->head.add(name, value)) {
    log(Level::error, "http",
        "a field of an answer was left out, it would break the head: " + std::string(name));
  }
  return *this;
}

Response& Response::cookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  http::SetCookie cookie{.name = std::string(name), .value = std::string(value)};
  cookie.path = options.path;
  cookie.max_age = options.max_age;
  cookie.http_only = options.http_only;
  cookie.secure = options.secure;
  switch (options.same_site) {
    case CookieOptions::SameSite::lax:
      cookie.same_site = http::SameSite::lax;
      break;
    case CookieOptions::SameSite::strict:
      cookie.same_site = http::SameSite::strict;
      break;
    case CookieOptions::SameSite::none:
      cookie.same_site = http::SameSite::none;
      break;
  }
  return header("Set-Cookie", http::to_text(cookie));
}

void Response::end(std::string_view body) {
  if (record_->is_answered) return;
  if (record_->is_started) {
    if (!body.empty()) write(body);
    record_->is_answered = true;
    app::run_at_call(*record_, 0, [](serve::RouteCall& call) { call.finish(); });
    return;
  }
  if (!body.empty() && !app::has_field(record_->head, "content-type")) {
    header("Content-Type", "text/plain; charset=utf-8");
  }
  app::respond(*record_, std::move(record_->head), base::Slice(base::Frame::copy(body)));
}

void Response::send(Bytes body, std::string_view content_type) {
  if (record_->is_answered || record_->is_started) return;
  if (!app::has_field(record_->head, "content-type")) header("Content-Type", content_type);
  app::respond(*record_, std::move(record_->head), base::Slice(base::Frame::copy(body.view())));
}

void Response::end_json(std::string text) {
  if (record_->is_answered || record_->is_started) return;
  if (!app::has_field(record_->head, "content-type"))
    header("Content-Type", "application/json; charset=utf-8");
  app::respond(*record_, std::move(record_->head), base::Slice(base::Frame::copy(text)));
}

void Response::redirect(std::string_view location, int code) {
  status(code).header("Location", location);
  end();
}

Response& Response::start(std::optional<std::uint64_t> length) {
  if (record_->is_answered || std::exchange(record_->is_started, true)) return *this;
  app::run_at_call(*record_, 0, [head = std::move(record_->head), length](serve::RouteCall& call) mutable {
    call.start_answer(std::move(head), length);
  });
  return *this;
}

std::size_t Response::write(std::string_view bytes) {
  if (record_->is_answered) return 0;
  if (!record_->is_started) start();
  std::size_t waiting = 0;
  const base::Frame frame = base::Frame::copy(bytes);
  const bool is_here = record_->loops->is_here(record_->name.loop);
  auto write = [frame, waiting = is_here ? &waiting : nullptr](serve::RouteCall& call) {
    const std::size_t left = call.write(base::Slice(frame));
    if (waiting != nullptr) *waiting = left;
  };
  if (!app::run_at_call(*record_, frame.size(), write, net::PostKind::event)) app::cut(*record_);
  return waiting;
}

// A reader that has gone already has left nobody to tell this later: it is told now.
Response& Response::on_close(Function<void()> handler) {
  if (record_->is_answered) return *this;
  auto listen = [name = record_->name,
                 handler = app::guarded_callback("http", "on_close", std::move(handler))]() mutable {
    if (serve::RouteCall* call = app::find_call(name)) return call->set_on_close(std::move(handler));
    if (handler) handler();
  };
  if (record_->loops->is_here(record_->name.loop)) {
    listen();
  } else {
    record_->loops->post(record_->name.loop, std::move(listen), 0, net::PostKind::order);
  }
  return *this;
}

bool Response::answered() const {
  return record_ == nullptr || record_->is_answered;
}

}  // namespace v0
}  // namespace naru
