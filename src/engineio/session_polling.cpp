// The session's GETs and POSTs.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engineio/payload.hpp"
#include "engineio/session_parts.hpp"

namespace naru::engineio {
namespace {
constexpr std::string_view kOctetStream = "application/octet-stream";
}

void Session::poll(PollOutlet& outlet, base::TimePoint now) {
  const bool is_on_polling =
      (state_ == SessionState::open || state_ == SessionState::closing) && websocket_ == nullptr;
  if (!is_on_polling) return outlet.refuse();
  if (poll_ != nullptr) {
    finish(CloseReason::transport_error, "overlap from client");
    return outlet.refuse();
  }
  poll_ = &outlet;
  flush_to_poll();
  if (poll_ == nullptr || !is_upgrading()) return;
  if (now >= upgrade_->noop_at) return answer_with_noop(now);
  events_.on_deadline_changed();
}

void Session::poll_aborted() {
  if (std::exchange(poll_, nullptr) == nullptr) return;
  finish(CloseReason::transport_error, "poll connection closed prematurely");
}

bool Session::begin_post(std::string_view content_type) {
  if (state_ == SessionState::closed || websocket_ != nullptr) return false;
  if (posting_ != Posting::nothing) {
    finish(CloseReason::transport_error, "data request overlap from client");
    return false;
  }
  // The reference compares the whole value, so that parameters make it ordinary text.
  if (content_type == kOctetStream) {
    finish(CloseReason::transport_error, "invalid content");
    return false;
  }
  posting_ = Posting::body;
  return true;
}

PostAnswer Session::post(std::string body, base::TimePoint now) {
  if (posting_ != Posting::body || websocket_ != nullptr) {
    posting_ = Posting::nothing;
    return PostAnswer::bad_request;
  }
  unread_ = std::make_unique<Post>(std::move(body));
  read_on(now);
  return holds_post() ? PostAnswer::held : PostAnswer::ok;
}

void Session::post_aborted() {
  posting_ = Posting::nothing;
  finish(CloseReason::transport_error, "data request connection closed prematurely");
}

// A client that has upgraded although its POST was not answered loses what is left of it: behind the messages
// of its WebSocket it would come too late.
void Session::read_on(base::TimePoint now) {
  std::unique_ptr<Post> post = std::move(unread_);
  if (post == nullptr) return;
  ++corked_;
  const bool is_whole = websocket_ != nullptr || take_payload(post->packets, now);
  --corked_;
  flush_to_poll();
  const bool is_held = is_paused() && state_ == SessionState::open;
  posting_ = is_held ? Posting::held : Posting::nothing;
  if (is_held && !is_whole) unread_ = std::move(post);
}

// Returns whether nothing of it is left.
bool Session::take_payload(PayloadReader& packets, base::TimePoint now) {
  while (!is_paused() || state_ != SessionState::open) {
    const std::optional<PacketView> packet = packets.next();
    if (!packet) break;
    take(*packet, now);
    if (state_ == SessionState::closed) return true;
  }
  if (packets.failed()) finish(CloseReason::parse_error, "bad packet in a payload");
  return packets.is_at_end();
}

}  // namespace naru::engineio
