// A stream's bytes on their way out: gathered during a turn, sent at its end, kept while the kernel is full.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "net/loop.hpp"
#include "net/tcp_stream.hpp"

namespace naru::net {

base::WriteStatus TcpStream::write(std::span<const base::Slice> slices) {
  if (is_closed_ || is_shut_ || error_ != 0) return base::WriteStatus::closed;
  std::size_t size = 0;
  for (const base::Slice& slice : slices)
    size += slice.bytes.size();
  if (is_blocked_ || loop_ == nullptr) {
    for (const base::Slice& slice : slices)
      pending_.append(slice);
    owes_writable_ = true;
    return base::WriteStatus::buffered;
  }
  loop_->assert_here();
  if (pending_.empty() && size > kWriteAtOnce) {
    send_at_once(slices);
  } else {
    for (const base::Slice& slice : slices)
      pending_.append(slice);
    if (pending_.size() > kWriteAtOnce) send_pending();
  }
  if (!pending_.empty() || error_ != 0) loop_->flush_later(*this);
  if (error_ != 0) return base::WriteStatus::closed;
  if (!is_blocked_) return base::WriteStatus::sent;
  owes_writable_ = true;
  return base::WriteStatus::buffered;
}

// Large writes go to the kernel from where they are; only what it does not take is kept.
void TcpStream::send_at_once(std::span<const base::Slice> slices) {
  std::array<iovec, 16> pieces;
  if (slices.size() <= pieces.size()) {
    for (std::size_t i = 0; i < slices.size(); ++i) {
      // sendmsg does not write to it.
      pieces[i] = {const_cast<char*>(slices[i].bytes.data()), slices[i].bytes.size()};
    }
    auto sent = static_cast<std::size_t>(
        std::max<std::ptrdiff_t>(0, send_pieces(std::span<const iovec>(pieces.data(), slices.size()))));
    for (const base::Slice& slice : slices) {
      const std::size_t gone = std::min(sent, slice.bytes.size());
      sent -= gone;
      if (gone < slice.bytes.size()) pending_.append(base::Slice(slice.owner, slice.bytes.substr(gone)));
    }
    if (error_ != 0) pending_.clear();
    return;
  }
  for (const base::Slice& slice : slices)
    pending_.append(slice);
  send_pending();
}

void TcpStream::send_pending() {
  std::array<iovec, 64> pieces;
  while (!pending_.empty() && !is_blocked_ && error_ == 0) {
    const std::size_t count = pending_.gather(pieces);
    const std::ptrdiff_t sent = send_pieces(std::span<const iovec>(pieces.data(), count));
    if (sent > 0) pending_.consume(static_cast<std::size_t>(sent));
  }
  if (error_ != 0) pending_.clear();
}

// Sets is_blocked_ when the kernel did not take everything: the edge comes when it has room again.
std::ptrdiff_t TcpStream::send_pieces(std::span<const iovec> pieces) {
  std::size_t size = 0;
  for (const iovec& piece : pieces)
    size += piece.iov_len;
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  std::ptrdiff_t sent = 0;
  do {
    sent = pieces.size() == 1
               ? ::send(descriptor_.get(), pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT)
               : ::sendmsg(descriptor_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  loop_->metrics().writes.add();
  if (sent < 0) {
    note_send_error(errno);
    return sent;
  }
  loop_->metrics().bytes_written.add(static_cast<std::uint64_t>(sent));
  if (static_cast<std::size_t>(sent) < size) is_blocked_ = true;
  return sent;
}

void TcpStream::note_send_error(int error) {
  if (error == EAGAIN) {
    is_blocked_ = true;
  } else {
    error_ = static_cast<std::uint16_t>(error);
  }
}

void TcpStream::on_flush() {
  if (is_closed_) return;
  send_pending();
  account_pending();
  if (error_ != 0) return close_with(error_);
  if (!pending_.empty()) return;
  if (owes_writable_) {
    owes_writable_ = false;
    if (events_ != nullptr) events_->on_writable();
    if (is_closed_ || !pending_.empty()) return;
  }
  if (is_shut_ && !fin_sent_) end_our_direction();
}

void TcpStream::end_our_direction() {
  fin_sent_ = true;
  ::shutdown(descriptor_.get(), SHUT_WR);
  if (peer_ended_) close_with(0);
}

// Only what stays beyond a turn is memory that counts, so the ledger is touched rarely.
void TcpStream::account_pending() {
  const auto now = static_cast<std::uint32_t>(std::min<std::size_t>(pending_.size(), UINT32_MAX));
  if (now == accounted_) return;
  loop_->ledger().add(Account::write_queues,
                      static_cast<std::ptrdiff_t>(now) - static_cast<std::ptrdiff_t>(accounted_));
  accounted_ = now;
}

void TcpStream::shutdown() {
  if (is_closed_ || is_shut_) return;
  is_shut_ = true;
  if (loop_ != nullptr) loop_->flush_later(*this);
}

}  // namespace naru::net
