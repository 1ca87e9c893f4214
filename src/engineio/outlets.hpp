// The two ways out of an Engine.IO session, implemented by the doors above (HTTP exchange, WebSocket
// session).
//
// An outlet is borrowed: it must live until the session has called answer(), refuse() or close() on it, or
// has been told that it is gone (poll_aborted, websocket_closed). Everything runs on the session's loop. An
// outlet may call back into the session from inside any of these calls.
#pragma once

#include <cstddef>

#include "base/byte_stream.hpp"
#include "base/frame.hpp"
#include "engineio/packet.hpp"

namespace naru::engineio {

// One waiting GET. Exactly one of the two is called, once; the session forgets the outlet before it calls.
class PollOutlet {
 public:
  virtual ~PollOutlet() = default;
  // 200, text/plain; charset=UTF-8, no-store. `compress`: one of its packets may be.
  virtual void answer(base::Frame payload, bool compress) = 0;
  // 400 with an empty body.
  virtual void refuse() = 0;
};

class WebSocketOutlet {
 public:
  virtual ~WebSocketOutlet() = default;
  // Sends the packet as one WebSocket message, as it is when packet.lead > 0, else framing packet.body().
  virtual base::WriteStatus write(const Packet& packet) = 0;
  // Closes the WebSocket after what was written has left. The session forgets the outlet before it calls.
  virtual void close() = 0;
  // The same with the reason kTooSlow; the peer has slow_grace for reading what was written, and it.
  virtual void close_slow_reader() { close(); }
  // Bytes written and not yet taken by the layer below.
  virtual std::size_t buffered() const = 0;
  // Stops and starts reading: the session is paused by its owner.
  virtual void pause_reading() {}
  virtual void resume_reading() {}
};

}  // namespace naru::engineio
