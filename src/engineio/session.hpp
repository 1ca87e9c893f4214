// One Engine.IO v4 session: handshake, heartbeat, polling, WebSocket, the upgrade between them, and the end.
//
// No socket, no clock, no thread: doors hand in requests and frames with the time, the session answers
// through outlets (outlets.hpp) and tells its owner what happened. Messages are neither lost nor reordered,
// also across the upgrade. Everything runs on one loop; an event may call back into the session (send, close,
// abort, pause). The session never deletes itself: its owner frees it after on_closed, when no call into it
// is on the stack.
//
//   Session session(sid, options, events);
//   session.open_polling(outlet, now);                 // the handshake's answer
//   session.send(make_packet(PacketType::message, "hello"));
//   timer.set(session.deadline());                     // and then session.tick(now)
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "engineio/heartbeat.hpp"
#include "engineio/options.hpp"
#include "engineio/outlets.hpp"
#include "engineio/packet.hpp"
#include "engineio/packet_queue.hpp"

namespace naru::engineio {

class SessionEvents {
 public:
  virtual ~SessionEvents() = default;
  // A message came; the view is valid during the call. Text that came by polling is valid UTF-8, text that
  // came by WebSocket is what the outlet handed in.
  virtual void on_message(std::string_view data, bool binary) = 0;
  // Everything has left that send() said was `buffered`.
  virtual void on_drain() {}
  // A message was refused because max_queued is reached; once until all has left. A fan-out may be on the
  // stack: nothing may be ended from in here. With WhenFull::close nothing more is taken, and the owner calls
  // end_slow_reader() soon.
  virtual void on_overflow() {}
  // A candidate WebSocket was probed.
  virtual void on_upgrading() {}
  // The session was upgraded; what was queued has gone before.
  virtual void on_transport(Transport) {}
  // The last event. `description` is a literal or the caller's.
  virtual void on_closed(CloseReason reason, std::string_view description) = 0;
  virtual void on_deadline_changed() {}
  virtual void on_heartbeat() {}  // a pong came
  // After observe(): every packet that comes, before it counts; every message and ping that is taken to be
  // sent.
  virtual void on_packet(const PacketView&) {}
  virtual void on_packet_create(const Packet&) {}
};

enum class SendResult : unsigned char {
  sent,      // the transport has it
  buffered,  // kept in order; on_drain comes when it has gone
  dropped,   // not open, or max_queued is reached, or volatile and the transport could not take it at once
};

enum class PostAnswer : unsigned char {
  ok,           // 200, text/html, "ok"
  held,         // the session is paused: answer ok once it holds no POST any more, or when on_closed comes
  bad_request,  // 400, empty
};

enum class SessionState : unsigned char { opening, open, closing, closed };

// While a probed candidate waits for its "5", a waiting GET is answered with a noop this often, as the
// reference does.
inline constexpr base::Duration kNoopInterval = std::chrono::milliseconds(100);

class Session {
 public:
  // `options` and `events` must outlive the session. `wants_base64` is b64=1: binary goes out as base64 text.
  Session(std::string sid, const SessionOptions& options, SessionEvents& events, bool wants_base64 = false);
  Session(std::string sid, SessionOptions&& options, SessionEvents& events,
          bool wants_base64 = false) = delete;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // The handshake: sends the open packet. Once, before anything else.
  void open_polling(PollOutlet& handshake, base::TimePoint now);
  void open_websocket(WebSocketOutlet& websocket, base::TimePoint now);

  // A GET: answered at once when something is due, else held. A second one while one waits ends the session.
  void poll(PollOutlet& outlet, base::TimePoint now);
  // The peer hung up on the waiting GET: ends the session ("transport error").
  void poll_aborted();

  // A POST in two steps. begin_post() when its head has come: false means 400 with an empty body, and the
  // session is over (a second POST at the same time, binary content). Then one of the other three.
  bool begin_post(std::string_view content_type);
  PostAnswer post(std::string body, base::TimePoint now);
  void post_aborted();
  void post_too_large() noexcept { posting_ = Posting::nothing; }  // answered 413; the session lives on
  // After `held`: whether the POST still waits for its answer, and whether there is something in it to be
  // taken by read_on().
  bool holds_post() const noexcept { return posting_ == Posting::held; }
  bool has_unread() const noexcept { return unread_ != nullptr; }

  // A WebSocket for this session's sid. False: refuse or close it; the session has not kept it.
  bool upgrade_candidate(WebSocketOutlet& candidate, base::TimePoint now);
  // A message from the session's WebSocket or its candidate; a stale outlet's is ignored.
  void websocket_message(WebSocketOutlet& from, std::string_view data, bool binary, base::TimePoint now);
  void websocket_drained(WebSocketOutlet& from);
  // The WebSocket is gone: on protocol errors and messages over the limit the reason is transport_error. A
  // candidate's end changes nothing for the session.
  void websocket_closed(WebSocketOutlet& from, CloseReason reason = CloseReason::transport_close,
                        std::string_view description = {});

  // The hot path: one branch, then the outlet. The packet is not kept when the transport is a WebSocket.
  SendResult send(const Packet& packet) {
    if (direct_ == nullptr) [[unlikely]]
      return send_slowly(packet);
    return write_to_websocket(*direct_, packet);
  }
  // From now on on_packet() and on_packet_create() are called; sending takes the long way.
  void observe() noexcept {
    is_observed_ = true;
    choose_direct();
  }
  // True when a volatile packet would be sent now.
  bool writable_now() const noexcept;

  // Ends the session after everything queued has left; on polling the waiting or next GET carries "1".
  // Nothing is received any more. `now` bounds the wait for that GET by close_timeout.
  void close(CloseReason reason, base::TimePoint now);
  // Ends the session at once; what is queued is lost. on_closed comes before this returns.
  void abort(CloseReason reason, std::string_view description = {});

  // Ends it because the peer does not read, after on_overflow() or because what was refused must not be
  // missing. What is queued stays for slow_grace: on polling the next GETs get it and then "1", a WebSocket
  // gets it and a Close that says kTooSlow. The owner is told transport_error with that description, on
  // polling at the end of all this.
  void end_slow_reader(base::TimePoint now);

  // The owner cannot take more now: reading from the WebSocket stops, what is left of a POST waits (at most
  // max_payload bytes), and no ping time-out runs.
  void pause();
  void resume(base::TimePoint now);
  // Takes what waits of a POST, not before resume(): whoever resumes is in the middle of his own work.
  void read_on(base::TimePoint now);
  bool is_paused() const noexcept { return heartbeat_.is_paused(); }

  // What was sent before this time has arrived.
  base::TimePoint confirmed() const noexcept { return heartbeat_.confirmed(); }

  base::TimePoint deadline() const noexcept;
  void tick(base::TimePoint now);

  const std::string& sid() const noexcept { return sid_; }
  SessionState state() const noexcept { return state_; }
  Transport transport() const noexcept { return transport_; }  // the last one, once closed
  bool is_upgrading() const noexcept;  // a candidate has been probed and has not finished
  bool has_candidate() const noexcept { return upgrade_ != nullptr; }
  // Whether a message would be refused now because max_queued is reached.
  bool is_full() const noexcept;
  // Bytes accepted and not yet taken by the transport.
  std::size_t queued_bytes() const noexcept;
  // Whether on_drain() is still to come.
  bool owes_drain() const noexcept { return owes_drain_; }
  // What the queue of a session on polling and an unread POST hold, for the memory ledger.
  std::size_t memory() const noexcept;

 private:
  struct Upgrade;
  struct Post;
  enum class Posting : unsigned char { nothing, body, held };  // body: it is on its way

  SendResult write_to_websocket(WebSocketOutlet& outlet, const Packet& packet) {
    const base::WriteStatus status = outlet.write(packet);
    if (status == base::WriteStatus::sent) [[likely]]
      return SendResult::sent;
    return note_unsent(outlet, status);
  }
  [[gnu::cold]] SendResult note_unsent(const WebSocketOutlet& outlet, base::WriteStatus status);
  SendResult send_slowly(const Packet& packet);
  SendResult send_by_websocket(const Packet& packet);
  SendResult send_by_polling(const Packet& packet);
  void choose_direct() noexcept;

  [[gnu::cold]] SendResult refuse_to_queue();
  void begin_closing(CloseReason reason);
  void finish_closing();
  void flush_to_poll();
  void flush_to_websocket();
  void tell_drained();

  void take(const PacketView& packet, base::TimePoint now);
  bool take_payload(PayloadReader& packets, base::TimePoint now);
  void take_from_websocket(std::string_view data, bool binary, base::TimePoint now);
  void take_from_candidate(std::string_view data, bool binary, base::TimePoint now);

  void probe_candidate(base::TimePoint now);
  void finish_upgrade();
  void drop_candidate();
  void answer_with_noop(base::TimePoint now);
  void tick_upgrade(base::TimePoint now);

  void start(Transport transport, base::TimePoint now);
  void tick_heartbeat(base::TimePoint now);
  void send_ping();
  void finish(CloseReason reason, std::string_view description, PacketType poll_goodbye = PacketType::close);

  WebSocketOutlet* direct_ = nullptr;  // set: open, on WebSocket, nothing waiting; send() needs no other look
  WebSocketOutlet* websocket_ = nullptr;  // set: the transport is this WebSocket
  PollOutlet* poll_ = nullptr;            // the waiting GET
  std::unique_ptr<Upgrade> upgrade_;      // set: a candidate WebSocket is attached
  PacketQueue queue_;                     // only for polling; empty on a WebSocket
  std::unique_ptr<Post> unread_;          // what a pause has left of a POST
  Heartbeat heartbeat_;
  base::TimePoint close_at_ = base::kNever;  // in `closing`: the end of waiting for a GET
  const SessionOptions& options_;
  SessionEvents& events_;
  std::string sid_;
  SessionState state_ = SessionState::opening;
  CloseReason close_reason_ = CloseReason::forced_close;
  Transport transport_ = Transport::polling;
  bool wants_base64_;
  bool is_observed_ = false;
  Posting posting_ = Posting::nothing;
  bool backlogged_ = false;      // the WebSocket has said `buffered` and not yet drained
  bool owes_drain_ = false;      // send() has said `buffered`
  bool is_overflowing_ = false;  // on_overflow() has been called, and not all has left since
  bool is_too_slow_ = false;     // that is why it ends
  std::uint8_t corked_ = 0;      // inside a POST: answers to its packets leave together
};

}  // namespace naru::engineio
