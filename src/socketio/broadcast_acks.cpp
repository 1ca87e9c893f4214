#include "socketio/broadcast_acks.hpp"

#include "naru/errc.hpp"

namespace naru::socketio {

BroadcastAcks::BroadcastAcks(std::size_t places, base::TimePoint deadline, std::size_t max_bytes) noexcept
    : silent_places_(places), deadline_(deadline), max_bytes_(max_bytes) {
  finish_if_complete();
}

void BroadcastAcks::expect(std::size_t sockets) {
  if (finished_ || silent_places_ == 0) return;
  --silent_places_;
  expected_ += sockets;
  finish_if_complete();
}

void BroadcastAcks::add(Args answer) {
  if (finished_) return;
  bytes_ += sizeof(Args) + answer.memory();
  if (bytes_ > max_bytes_) return finish(errc::too_large);
  answers_.push_back(std::move(answer));
  finish_if_complete();
}

bool BroadcastAcks::tick(base::TimePoint now) {
  if (finished_ || now < deadline_) return false;
  finish(errc::timed_out);
  return true;
}

void BroadcastAcks::finish_if_complete() noexcept {
  if (silent_places_ == 0 && answers_.size() >= expected_) finish();
}

void BroadcastAcks::finish(std::error_code error) noexcept {
  finished_ = true;
  error_ = error;
}

}  // namespace naru::socketio
