// Connection state recovery: the part of an adapter that can make a socket be as it was before its connection
// was lost.
//
//   recovery.admit(member, pid);                            // a new socket, after Adapter::add
//   recovery.emit({.encode = …, .bytes = n}, selection);    // events that go out with their position
//   recovery.save_session(member, std::move(session));      // its connection was lost, after Adapter::remove
//   recovery.restore_session(pid, offset, [](std::optional<Restored> found) { … });   // it came back
//   recovery.resume(member, *found);                        // after Adapter::add and join
//
// A pid serves once: it is taken by restore_session(), and given again to whoever resumes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/adapter.hpp"
#include "adapter/logged_event.hpp"
#include "adapter/session.hpp"
#include "base/clock.hpp"
#include "naru/function.hpp"

namespace naru::adapter {

// The events that a socket has missed; first found, later sent.
struct Replay {
  std::uint64_t from = 0;     // it had everything up to here
  std::uint64_t through = 0;  // everything up to here is in `events`, or was not missed
  std::vector<LoggedEventRef> events = {};
  std::size_t bytes = 0;  // of the events
};

struct Restored {
  Session session;
  Replay missed{};
};

class Recovery {
 public:
  virtual ~Recovery() = default;

  // Numbers the event, and delivers it to all whom it is for, in the order of the numbers. Any thread. True:
  // those of the calling loop have it when this returns; false: they get it soon (nobody calls from a loop,
  // or what stands before it is being delivered further up the stack).
  virtual bool emit(Event event, Selection selection) = 0;

  // On the member's loop, all of them. A new socket has missed nothing so far.
  virtual void admit(const std::shared_ptr<Member>& member, std::string pid) = 0;
  // Delivers what it has missed; what comes after that it gets as everybody does. False: some of it has gone
  // since restore_session() looked; nothing was delivered.
  [[nodiscard]] virtual bool resume(const std::shared_ptr<Member>& member, Restored restored) = 0;
  // The socket has gone and may come back until the window has passed.
  virtual void save_session(const Member& member, Session session) = 0;
  // The socket has gone for good.
  virtual void forget_session(std::string_view pid) = 0;

  // `found` is called once, on the calling loop, perhaps during the call. Without `offset` the client has had
  // nothing since its CONNECT. Empty: this pid is not known, or not any more, or what it has missed is no
  // longer there. A socket that still seems to be connected under this pid is ended first, wherever it is.
  virtual void restore_session(std::string pid, std::optional<std::string> offset,
                               Function<void(std::optional<Restored>)> found) = 0;
  // Nobody came for what restore_session() found: the client may try again, in what is left of its time.
  virtual void give_back(Session session) = 0;
  // Who was put out shall not come back past the gates. Any thread.
  virtual void forget_identity(std::string_view identity) = 0;

  // Lets go of what is too old, and says when to call again; kNever: when `on_kept` is called. Any thread.
  virtual base::TimePoint expire() = 0;
  // No loop runs any more.
  virtual void close() = 0;
};

}  // namespace naru::adapter
