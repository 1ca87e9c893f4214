#include "app/engine_core.hpp"

#include <system_error>

#include "app/engine_connection.hpp"
#include "app/user_code.hpp"
#include "serve/loop_server.hpp"

namespace naru::app {
namespace {

// One request on its way through the middleware; kept alive by whoever has the current Decision.
class Passage : public std::enable_shared_from_this<Passage> {
 public:
  Passage(const EngineHandlers& handlers, const serve::SharedEngineRequest& request,
          EngineHandlers::Scope scope, std::shared_ptr<const hub::LoopGroup> loops, Decision decide)
      : handlers_(handlers),
        request_(request),
        scope_(std::move(scope)),
        loops_(std::move(loops)),
        home_(hub::LoopGroup::current_loop()),
        decide_(std::move(decide)) {}

  // A loop instead of recursion: middleware that answers at once costs no stack.
  void walk() {
    is_walking_ = true;
    while (std::exchange(is_free_to_go_, false)) {
      if (next_ == handlers_.middleware.size()) {
        decide_(allow);
        break;
      }
      ask(handlers_.middleware[next_++]);
    }
    is_walking_ = false;
  }

 private:
  template <class Middleware>
  void ask(const Middleware& middleware) {
    Decision answer(
        [self = shared_from_this()](Verdict verdict) { self->take_anywhere(std::move(verdict)); });
    // When it throws, its Decision is dropped on the way out, and refuses.
    guard_user_code("engineio", "middleware", [&] { middleware(request_, scope_, std::move(answer)); });
  }

  void take_anywhere(Verdict verdict) {
    if (loops_->is_here(home_)) return take(std::move(verdict));
    auto later = [self = shared_from_this(), verdict = std::move(verdict)] { self->take(verdict); };
    loops_->post(home_, std::move(later), 0, net::PostKind::control);
  }

  void take(Verdict verdict) {
    if (!verdict.is_allowed()) return decide_(std::move(verdict));
    is_free_to_go_ = true;
    if (!is_walking_) walk();
  }

  const EngineHandlers& handlers_;
  EngineRequest request_;
  const EngineHandlers::Scope scope_;
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const hub::LoopIndex home_;
  Decision decide_;
  std::size_t next_ = 0;
  bool is_free_to_go_ = true;
  bool is_walking_ = false;
};

// An answer that is given once; dropped, it says so.
class OwedId {
 public:
  explicit OwedId(IdAnswer answer) : answer_(std::move(answer)) {}
  OwedId(OwedId&& other) noexcept : answer_(std::move(other.answer_)) {}
  OwedId& operator=(OwedId&&) = delete;
  ~OwedId() {
    if (answer_) (*this)(Error(errc::abandoned, "generate_id gave no id"));
  }
  void operator()(Result<std::string> id) {
    const IdAnswer answer = std::move(answer_);
    if (answer) answer(std::move(id));
  }

 private:
  IdAnswer answer_;
};

}  // namespace

std::shared_ptr<EngineRecord> EngineRecord::of(serve::EngineSession& session,
                                               const serve::SharedHandshake& request,
                                               std::shared_ptr<const hub::LoopGroup> loops) {
  auto record = std::make_shared<EngineRecord>(session.sid(), Handshake(request), std::move(loops),
                                               hub::LoopGroup::current_loop());
  record->identity = request->identity;
  record->session = &session;
  return record;
}

void EngineCore::note_wanted() noexcept {
  wanted_ = {.middleware = !handlers_.middleware.empty(),
             .gate = static_cast<bool>(handlers_.gate),
             .ids = static_cast<bool>(handlers_.id_generator),
             .headers = !handlers_.initial_headers.empty() || !handlers_.headers.empty(),
             .failures = !handlers_.connection_error.empty()};
}

std::unique_ptr<serve::EngineClient> EngineCore::open(std::shared_ptr<EngineRecord> record,
                                                      std::unique_ptr<serve::EngineClient> inner) {
  return std::make_unique<EngineConnection>(handlers_, std::move(record), std::move(inner));
}

void EngineCore::close() {
  settings_->state->is_closed = true;
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    auto work = [settings = settings_] { serve::LoopServer::here()->close_sessions(*settings); };
    loops_->post(static_cast<hub::LoopIndex>(loop), work, 0, net::PostKind::control);
  }
}

void EngineCore::pass(const serve::SharedEngineRequest& request, const Scope& scope, Decision decide) {
  std::make_shared<Passage>(handlers_, request, scope, loops_, std::move(decide))->walk();
}

void EngineCore::decide(const serve::SharedHandshake& request, const Scope& scope, Decision decide) {
  const Handshake handshake(request);
  guard_user_code("engineio", "allow_request", [&] { handlers_.gate(handshake, scope, std::move(decide)); });
}

void EngineCore::make_id(const serve::SharedHandshake& request, const Scope& scope, IdAnswer answer) {
  const Handshake handshake(request);
  OwedId owed(std::move(answer));
  guard_user_code("engineio", "generate_id",
                  [&] { handlers_.id_generator(handshake, scope, std::move(owed)); });
}

void EngineCore::write_headers(const serve::SharedEngineRequest& request) {
  const EngineRequest seen(request);
  ResponseHeaders headers(request->answer);
  const auto call = [&](const auto& hooks) {
    for (const auto& hook : hooks)
      guard_user_code("engineio", "a headers hook", [&] { hook(headers, seen); });
  };
  if (seen.is_handshake()) call(handlers_.initial_headers);
  call(handlers_.headers);
}

void EngineCore::tell_failure(const serve::SharedEngineRequest& request,
                              const serve::EngineFailure& failure) {
  const EngineRequest seen(request);
  const ConnectionError error{failure.code, std::string(failure.message), failure.context};
  for (const auto& handler : handlers_.connection_error)
    guard_user_code("engineio", "on_connection_error", [&] { handler(error, seen); });
}

}  // namespace naru::app
