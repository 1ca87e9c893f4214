#include "naru/engine.hpp"

#include <exception>
#include <utility>

#include "app/context.hpp"
#include "app/engine_core.hpp"
#include "app/user_code.hpp"

namespace naru {
namespace app {
namespace {

using Scope = EngineHandlers::Scope;

// `argument` stands in this frame: what the user's task refers to lives to its end.
template <class Callable, class Argument, class Answer>
Task<> answer_when_done(std::shared_ptr<const Callable> callable, Argument argument, Answer answer) {
  auto asking = (*callable)(argument);
  auto value = co_await std::move(asking);
  answer(std::move(value));
}

// Runs the user's task on this loop until it ends or nobody waits for it any more. What it throws drops the
// answer on the way out.
template <class Callable, class Argument, class Answer>
void ask_task(std::shared_ptr<const Callable> callable, Argument argument, const Scope& scope,
              Answer answer) {
  TaskContext context{.executor = thread_context().executor, .scope = scope};
  auto on_done = [](std::exception_ptr failure) {
    if (failure) guard_user_code("engineio", "a gate", [&] { std::rethrow_exception(failure); });
  };
  start(answer_when_done(std::move(callable), std::move(argument), std::move(answer)), std::move(context),
        std::move(on_done));
}

template <class Callable>
auto shared(Callable callable) {
  return std::make_shared<const Callable>(std::move(callable));
}

}  // namespace
}  // namespace app

inline namespace v0 {

using app::Scope;

Engine::Engine(std::shared_ptr<app::EngineCore> core) : core_(std::move(core)) {}
Engine::~Engine() = default;

// --- requests ---

void Engine::allow_request(Function<void(const Handshake&, Decision)> gate) {
  core_->handlers().gate = [gate = std::move(gate)](const Handshake& handshake, const Scope&,
                                                    Decision decide) { gate(handshake, std::move(decide)); };
  core_->note_wanted();
}
void Engine::allow_request(Function<Verdict(const Handshake&)> gate) {
  allow_request(
      [gate = std::move(gate)](const Handshake& handshake, Decision decide) { decide(gate(handshake)); });
}
void Engine::allow_request(Function<Task<Verdict>(const Handshake&)> gate) {
  core_->handlers().gate = [gate = app::shared(std::move(gate))](const Handshake& handshake,
                                                                 const Scope& scope, Decision decide) {
    app::ask_task(gate, handshake, scope, std::move(decide));
  };
  core_->note_wanted();
}

void Engine::use(Function<void(EngineRequest&, Decision)> middleware) {
  auto asked = [middleware = std::move(middleware)](EngineRequest& request, const Scope&, Decision decide) {
    middleware(request, std::move(decide));
  };
  core_->handlers().middleware.emplace_back(std::move(asked));
  core_->note_wanted();
}
void Engine::use(Function<Verdict(EngineRequest&)> middleware) {
  use([middleware = std::move(middleware)](EngineRequest& request, Decision decide) {
    decide(middleware(request));
  });
}
void Engine::use(Function<Task<Verdict>(EngineRequest&)> middleware) {
  auto asked = [middleware = app::shared(std::move(middleware))](EngineRequest& request, const Scope& scope,
                                                                 Decision decide) {
    app::ask_task(middleware, request, scope, std::move(decide));
  };
  core_->handlers().middleware.emplace_back(std::move(asked));
  core_->note_wanted();
}

void Engine::generate_id(Function<void(const Handshake&, IdAnswer)> generator) {
  core_->handlers().id_generator = [generator = std::move(generator)](const Handshake& handshake,
                                                                      const Scope&, IdAnswer answer) {
    generator(handshake, std::move(answer));
  };
  core_->note_wanted();
}
void Engine::generate_id(Function<std::string(const Handshake&)> generator) {
  generate_id([generator = std::move(generator)](const Handshake& handshake, IdAnswer answer) {
    try {
      answer(generator(handshake));
    } catch (...) {
      answer(Error(errc::abandoned, app::describe(std::current_exception())));
    }
  });
}
void Engine::generate_id(Function<Task<std::string>(const Handshake&)> generator) {
  core_->handlers().id_generator = [generator = app::shared(std::move(generator))](
                                       const Handshake& handshake, const Scope& scope, IdAnswer answer) {
    app::ask_task(generator, handshake, scope, std::move(answer));
  };
  core_->note_wanted();
}

void Engine::on_initial_headers(Function<void(ResponseHeaders&, const EngineRequest&)> hook) {
  core_->handlers().initial_headers.push_back(std::move(hook));
  core_->note_wanted();
}
void Engine::on_headers(Function<void(ResponseHeaders&, const EngineRequest&)> hook) {
  core_->handlers().headers.push_back(std::move(hook));
  core_->note_wanted();
}
void Engine::on_connection_error(Function<void(const ConnectionError&, const EngineRequest&)> handler) {
  core_->handlers().connection_error.push_back(std::move(handler));
  core_->note_wanted();
}

// --- sessions ---

void Engine::on_connection(Function<void(EngineSocket&)> handler) {
  core_->handlers().connection.push_back(std::move(handler));
}
void Engine::on_message(Function<void(EngineSocket&, Message)> handler) {
  core_->handlers().message.push_back(std::move(handler));
}
void Engine::on_drain(Function<void(EngineSocket&)> handler) {
  core_->handlers().drain.push_back(std::move(handler));
}
void Engine::on_upgrading(Function<void(EngineSocket&)> handler) {
  core_->handlers().upgrading.push_back(std::move(handler));
}
void Engine::on_upgrade(Function<void(EngineSocket&)> handler) {
  core_->handlers().upgrade.push_back(std::move(handler));
}
void Engine::on_heartbeat(Function<void(EngineSocket&)> handler) {
  core_->handlers().heartbeat.push_back(std::move(handler));
}
void Engine::on_packet(Function<void(EngineSocket&, const EnginePacket&)> handler) {
  core_->handlers().packet.push_back(std::move(handler));
}
void Engine::on_packet_create(Function<void(EngineSocket&, const EnginePacket&)> handler) {
  core_->handlers().packet_create.push_back(std::move(handler));
}
void Engine::on_close(Function<void(EngineSocket&, std::string_view)> handler) {
  core_->handlers().close.push_back(std::move(handler));
}

std::size_t Engine::clients_count() const {
  return core_->clients_count();
}
void Engine::close() {
  core_->close();
}

}  // namespace v0
}  // namespace naru
