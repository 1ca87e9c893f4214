// One loop's share of the server: the connections, WebSockets and Engine.IO sessions that live on it.
//
// Everything here is for the loop's own thread. A session stays on its loop for life; an HTTP connection that
// names a session of another loop is handed over to that loop before its request is dispatched.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/proxy.hpp"
#include "base/intrusive_list.hpp"
#include "http/http1_session.hpp"
#include "hub/channels.hpp"
#include "hub/loop_channels.hpp"
#include "hub/loop_group.hpp"
#include "net/descriptor.hpp"
#include "net/loop.hpp"
#include "net/peer_address.hpp"
#include "net/worker_pool.hpp"
#include "serve/admission.hpp"
#include "serve/application.hpp"
#include "serve/census.hpp"
#include "serve/goodbye_pace.hpp"
#include "serve/loop_compression.hpp"
#include "serve/resident.hpp"
#include "serve/session_directory.hpp"
#include "serve/shared_page.hpp"

namespace naru::serve {

class HttpConnection;
class RouteCall;

// What all loops of a server share; outlives them.
struct Shared {
  Application& application;
  std::shared_ptr<hub::LoopGroup> loops;
  net::WorkerPool& workers;
  std::shared_ptr<hub::Channels> channels;
  Census census;
  http::Http1Limits http{};
  auth::TrustedProxies proxies{};
  std::uint16_t node = 0;  // of a cluster; a part of every session id
  SessionDirectory sessions{};
};

class LoopServer {
 public:
  LoopServer(net::Loop& loop, Shared& shared);
  ~LoopServer();
  LoopServer(const LoopServer&) = delete;
  LoopServer& operator=(const LoopServer&) = delete;

  // The server of the loop that the calling thread runs; null on other threads.
  static LoopServer* here() noexcept;
  // Binds the calling thread to this loop; the thread that runs it does so first.
  void enter();
  void leave();

  net::Loop& loop() noexcept { return loop_; }
  Shared& shared() noexcept { return shared_; }
  Application& application() noexcept { return shared_.application; }
  // Who follows channels on this loop; it outlives all residents and sessions.
  hub::LoopChannels& channels() noexcept { return channels_; }
  ws::CompressionSpace& compression() noexcept { return compression_.space(); }
  Admissions& admissions() noexcept { return admissions_; }
  SharedPage& shared_page() noexcept { return shared_page_; }
  hub::LoopIndex index() const noexcept { return static_cast<hub::LoopIndex>(loop_.index()); }

  // A connection was accepted and counted.
  void adopt(net::UniqueDescriptor descriptor, std::string address);
  // Hands a connection whose request names a session of `home` to that loop, at the end of this turn.
  void hand_over(HttpConnection& connection, hub::LoopIndex home);

  // Owns it from now on, until dispose().
  template <class T>
  T& own(std::unique_ptr<T> resident) {
    residents_.push_back(*resident);
    ++resident_count_;
    return *resident.release();
  }
  // Frees it at the end of the turn. The last thing that a resident asks for.
  void dispose(Resident& resident);

  EngineSession& add_session(std::unique_ptr<EngineSession> session);
  EngineSession* find_session(std::string_view sid);
  void remove_session(EngineSession& session);
  // An id that is not one of ours, for a session that is about to be added; false: it is in use.
  bool claim_session_id(const std::string& sid);
  void release_session_id(std::string_view sid) { shared_.sessions.remove(sid); }
  // Closes those of one engine, after what was sent to them has left.
  void close_sessions(const EngineSettings& settings);
  std::size_t session_count() const noexcept { return sessions_.size(); }

  // Answers that routes owe; see AnswerName.
  AnswerName expect_answer(RouteCall& call);
  void forget_answer(AnswerName name) { answers_.erase(name.number); }
  RouteCall* find_answer(AnswerName name);

  // Says goodbye to everybody, in `pace` at most (GoodbyePace); what comes now is told to go away.
  // `when_empty` runs once nobody is left.
  void stop_gently(base::Duration pace, Function<void()> when_empty);
  bool is_stopping() const noexcept { return is_stopping_; }
  // Ends what is left.
  void cut_all();

 private:
  void arrive(std::unique_ptr<HttpConnection> connection);
  void say_goodbyes();
  void tell_when_empty();

  net::Loop& loop_;
  Shared& shared_;
  LoopCompression compression_;
  hub::LoopChannels channels_;
  Admissions admissions_{loop_.timers(), loop_.clock()};
  SharedPage shared_page_{loop_};
  base::IntrusiveList<Resident, Residents> residents_;
  std::size_t resident_count_ = 0;
  std::unordered_map<std::string_view, std::unique_ptr<EngineSession>>
      sessions_;  // by sid, the session's own text
  std::unordered_map<std::uint64_t, RouteCall*> answers_;
  std::uint64_t last_answer_ = 0;
  Function<void()> when_empty_;
  bool is_stopping_ = false;

  // Who is still to be told of the stop, and how fast.
  std::vector<std::string> leaving_sessions_;
  base::IntrusiveList<Resident, Residents> leaving_;
  std::optional<GoodbyePace> pace_;
  std::size_t told_ = 0;
  net::MemberTimer<LoopServer, &LoopServer::say_goodbyes> goodbye_timer_{*this};
};

}  // namespace naru::serve
