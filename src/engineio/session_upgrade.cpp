// The session's upgrade from polling to a WebSocket.
#include <optional>
#include <string>
#include <utility>

#include "engineio/payload.hpp"
#include "engineio/session_parts.hpp"

namespace naru::engineio {
namespace {
constexpr std::string_view kProbe = "probe";
}

bool Session::is_upgrading() const noexcept {
  return upgrade_ != nullptr && upgrade_->is_probed;
}

bool Session::upgrade_candidate(WebSocketOutlet& candidate, base::TimePoint now) {
  const bool may_upgrade =
      state_ == SessionState::open && websocket_ == nullptr && upgrade_ == nullptr && options_.allow_upgrades;
  if (!may_upgrade) return false;
  upgrade_ =
      std::make_unique<Upgrade>(Upgrade{.candidate = candidate, .until = now + options_.upgrade_timeout});
  events_.on_deadline_changed();
  return true;
}

void Session::take_from_candidate(std::string_view data, bool binary, base::TimePoint now) {
  std::string base64_space;
  const std::optional<PacketView> packet = binary ? std::nullopt : read_text_packet(data, base64_space);
  if (packet && packet->type == PacketType::ping && packet->data == kProbe) return probe_candidate(now);
  if (packet && packet->type == PacketType::upgrade) return finish_upgrade();
  drop_candidate();
}

// The waiting GET is answered so that the client, which has stopped polling, can send its "5".
void Session::probe_candidate(base::TimePoint now) {
  upgrade_->is_probed = true;
  upgrade_->noop_at = now + kNoopInterval;
  // A candidate that does not read could make us keep one answer for each of its probes.
  const base::WriteStatus status = upgrade_->candidate.write(make_packet(PacketType::pong, kProbe));
  if (upgrade_ == nullptr) return;  // gone while it was written to
  if (status != base::WriteStatus::sent) return drop_candidate();
  events_.on_upgrading();
  if (upgrade_ == nullptr) return;
  if (poll_ != nullptr) return answer_with_noop(now);
  events_.on_deadline_changed();
}

// What was queued goes first, then the owner may send. A GET that still waits has nothing to wait for.
void Session::finish_upgrade() {
  websocket_ = &upgrade_->candidate;
  transport_ = Transport::websocket;
  upgrade_.reset();
  flush_to_websocket();
  choose_direct();
  if (poll_ != nullptr) std::exchange(poll_, nullptr)->answer(bare_payload(PacketType::noop), false);
  if (state_ == SessionState::closed) return;
  if (state_ == SessionState::closing) return finish_closing();
  if (is_paused()) websocket_->pause_reading();
  events_.on_deadline_changed();
  events_.on_transport(Transport::websocket);
  if (!backlogged_) tell_drained();
}

void Session::drop_candidate() {
  std::exchange(upgrade_, nullptr)->candidate.close();
  events_.on_deadline_changed();
}

void Session::answer_with_noop(base::TimePoint now) {
  upgrade_->noop_at = now + kNoopInterval;
  PollOutlet* poll = std::exchange(poll_, nullptr);
  events_.on_deadline_changed();
  poll->answer(bare_payload(PacketType::noop), false);
}

void Session::tick_upgrade(base::TimePoint now) {
  if (upgrade_ == nullptr) return;
  if (now >= upgrade_->until) return drop_candidate();
  if (poll_ != nullptr && now >= upgrade_->noop_at) answer_with_noop(now);
}

}  // namespace naru::engineio
