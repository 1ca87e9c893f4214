// What a session has only now and then; for the files of the session.
#pragma once

#include <string>
#include <utility>

#include "engineio/payload.hpp"
#include "engineio/session.hpp"

namespace naru::engineio {

// A WebSocket that wants to become the session's transport; it exists only while that is being settled.
struct Session::Upgrade {
  WebSocketOutlet& candidate;
  base::TimePoint until;
  bool is_probed = false;
  base::TimePoint noop_at = base::kNever;  // when a GET that waits then is answered
};

// A POST's body with what is still to be read of it.
struct Session::Post {
  explicit Post(std::string text) : body(std::move(text)), packets(body) {}
  Post(const Post&) = delete;
  Post& operator=(const Post&) = delete;

  std::string body;
  PayloadReader packets;  // looks at the body
};

}  // namespace naru::engineio
