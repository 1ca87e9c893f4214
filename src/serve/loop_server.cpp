#include "serve/loop_server.hpp"

#include <cassert>
#include <utility>
#include <vector>

#include "serve/engine_session.hpp"
#include "serve/http_connection.hpp"

namespace naru::serve {
namespace {
thread_local LoopServer* server_here = nullptr;
}  // namespace

LoopServer::LoopServer(net::Loop& loop, Shared& shared)
    : loop_(loop), shared_(shared), compression_(loop), channels_(loop, shared.channels) {}

LoopServer::~LoopServer() {
  cut_all();
}

LoopServer* LoopServer::here() noexcept {
  return server_here;
}

void LoopServer::enter() {
  server_here = this;
  shared_.loops->enter(index());
}

void LoopServer::leave() {
  server_here = nullptr;
  hub::LoopGroup::leave();
}

void LoopServer::adopt(net::UniqueDescriptor descriptor, std::string address) {
  loop_.assert_here();
  auto stream = std::make_unique<net::TcpStream>(std::move(descriptor));
  net::TcpStream& tcp = *stream;
  auto connection = std::make_unique<HttpConnection>(*this, std::move(stream), tcp, std::move(address));
  own(std::move(connection)).start();
}

void LoopServer::dispose(Resident& resident) {
  if (!resident.is_linked()) return;  // asked for already
  resident.unlink();
  --resident_count_;
  loop_.dispose(std::unique_ptr<Resident>(&resident));
  tell_when_empty();
}

void LoopServer::hand_over(HttpConnection& connection, hub::LoopIndex home) {
  // Not from inside the stream's event: its unread bytes are still on the stack.
  loop_.at_end_of_turn([this, &connection, home] {
    if (!connection.is_linked()) return;  // ended meanwhile: it is freed after this
    connection.unlink();
    --resident_count_;
    std::unique_ptr<HttpConnection> moving(&connection);
    moving->leave_loop();
    auto arrival = [moving = std::move(moving)]() mutable { here()->arrive(std::move(moving)); };
    shared_.loops->post(home, std::move(arrival), 0, net::PostKind::control);
    tell_when_empty();
  });
}

void LoopServer::arrive(std::unique_ptr<HttpConnection> connection) {
  own(std::move(connection)).join_loop(*this);
}

EngineSession& LoopServer::add_session(std::unique_ptr<EngineSession> session) {
  EngineSession& added = *session;
  [[maybe_unused]] const bool is_new = sessions_.emplace(added.sid(), std::move(session)).second;
  assert(is_new);
  return added;
}

EngineSession* LoopServer::find_session(std::string_view sid) {
  auto found = sessions_.find(sid);
  return found == sessions_.end() ? nullptr : found->second.get();
}

bool LoopServer::claim_session_id(const std::string& sid) {
  return find_session(sid) == nullptr && shared_.sessions.add(sid, index());
}

void LoopServer::remove_session(EngineSession& session) {
  auto found = sessions_.find(session.sid());
  if (found == sessions_.end()) return;
  if (session.has_own_id()) release_session_id(session.sid());
  std::unique_ptr<EngineSession> ended = std::move(found->second);
  sessions_.erase(found);
  loop_.dispose(std::move(ended));
  tell_when_empty();
}

// Closing changes the table: choose first.
void LoopServer::close_sessions(const EngineSettings& settings) {
  std::vector<std::string> sids;
  for (auto& [sid, session] : sessions_) {
    if (&session->settings() == &settings) sids.emplace_back(sid);
  }
  for (const std::string& sid : sids) {
    if (EngineSession* session = find_session(sid)) session->shut_down();
  }
}

AnswerName LoopServer::expect_answer(RouteCall& call) {
  const AnswerName name{index(), ++last_answer_};
  answers_.emplace(name.number, &call);
  return name;
}

RouteCall* LoopServer::find_answer(AnswerName name) {
  auto found = answers_.find(name.number);
  return found == answers_.end() ? nullptr : found->second;
}

void LoopServer::stop_gently(base::Duration pace, Function<void()> when_empty) {
  is_stopping_ = true;
  when_empty_ = std::move(when_empty);
  // Goodbyes change the tables: choose first.
  std::vector<std::string> polling;
  for (auto& [sid, session] : sessions_) {
    const bool polls = session->machine().transport() == engineio::Transport::polling;
    (polls ? polling : leaving_sessions_).emplace_back(sid);
  }
  leaving_.take_all(residents_);
  pace_.emplace(leaving_sessions_.size() + resident_count_, loop_.now(), pace);
  // At once: requests are answered 503 from now on, which is no goodbye.
  for (const std::string& sid : polling) {
    if (EngineSession* session = find_session(sid)) session->say_goodbye();
  }
  say_goodbyes();
}

void LoopServer::say_goodbyes() {
  for (const std::size_t due = pace_->due(loop_.now()); told_ < due; ++told_) {
    if (!leaving_sessions_.empty()) {
      const std::string sid = std::move(leaving_sessions_.back());
      leaving_sessions_.pop_back();
      if (EngineSession* session = find_session(sid)) session->say_goodbye();
    } else if (Resident* resident = leaving_.pop_front()) {
      residents_.push_back(*resident);
      resident->say_goodbye();
    }
  }
  if (!leaving_sessions_.empty() || !leaving_.empty())
    loop_.timers().schedule(goodbye_timer_, loop_.now() + GoodbyePace::kTick);
  tell_when_empty();
}

void LoopServer::cut_all() {
  while (!sessions_.empty())
    sessions_.begin()->second->cut();
  while (Resident* resident = leaving_.pop_front())
    residents_.push_back(*resident);
  while (!residents_.empty()) {
    Resident& resident = residents_.front();
    resident.cut();
    if (resident.is_linked()) dispose(resident);
  }
}

void LoopServer::tell_when_empty() {
  if (!is_stopping_ || !when_empty_ || resident_count_ != 0 || !sessions_.empty()) return;
  std::exchange(when_empty_, {})();
}

}  // namespace naru::serve
