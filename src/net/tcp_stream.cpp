#include "net/tcp_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

#include "net/loop.hpp"
#include "net/peer_address.hpp"

namespace naru::net {

namespace {

constexpr std::uint32_t kStreamEvents = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

std::uint32_t clamp_tail(std::size_t bytes) {
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(bytes, 1, TcpStream::kMaxTail));
}

}  // namespace

TcpStream::TcpStream(UniqueDescriptor descriptor, StreamOptions options)
    : descriptor_(std::move(descriptor)), max_tail_(clamp_tail(options.max_tail)) {
  // A turn's writes are gathered here already: Nagle's wait could only delay them. Unix sockets refuse,
  // rightly.
  const int on = 1;
  ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

TcpStream::~TcpStream() {
  release();
}

void TcpStream::join_loop(Loop& loop) {
  assert(loop_ == nullptr);
  loop.assert_here();
  loop_ = &loop;
  if (is_closed_) return schedule_reading();
  // Registering makes the first edges by itself: for bytes and a FIN that are there, and for room to write.
  is_blocked_ = false;
  loop.ledger().add(Account::read_tails, static_cast<std::ptrdiff_t>(tail_.capacity()));
  account_pending();
  if (const std::error_code error = loop.watch(descriptor_.get(), kStreamEvents, *this))
    error_ = static_cast<std::uint16_t>(error.value());
  if (error_ != 0 || !pending_.empty() || is_shut_) loop.flush_later(*this);
  schedule_reading();
}

void TcpStream::leave_loop() {
  if (loop_ == nullptr) return;
  loop_->assert_here();
  assert(!in_event_);
  loop_->ledger().add(Account::read_tails, -static_cast<std::ptrdiff_t>(tail_.capacity()));
  loop_->ledger().add(Account::write_queues, -static_cast<std::ptrdiff_t>(accounted_));
  accounted_ = 0;
  if (is_closed_) {
    loop_->forget(*this);
  } else {
    loop_->unwatch(descriptor_.get(), *this);
  }
  loop_ = nullptr;
}

void TcpStream::set_events(base::StreamEvents* events) {
  events_ = events;
  end_told_ = false;
  schedule_reading();
}

void TcpStream::resume_reading() {
  const bool was_paused = is_paused_;
  is_paused_ = false;
  // An owner that resumes in every on_bytes without having paused must not make every turn the next one.
  if (was_paused || !in_event_) schedule_reading();
}

void TcpStream::set_max_tail(std::size_t bytes) {
  max_tail_ = clamp_tail(bytes);
  if (maybe_readable_ && !in_event_ && wants_bytes() && loop_ != nullptr) loop_->run_again(*this);
}

std::string TcpStream::peer_address() const {
  return PeerAddress::of_peer(descriptor_.get()).text();
}

// --- reading ---

void TcpStream::on_events(std::uint32_t events) {
  if (is_closed_) return;
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) maybe_readable_ = !peer_ended_;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) is_ending_ = true;
  if ((events & EPOLLERR) != 0) note_socket_error();
  if ((events & EPOLLOUT) != 0 && is_blocked_) {
    is_blocked_ = false;
    loop_->flush_later(*this);
  }
  read_on();
}

bool TcpStream::wants_bytes() const noexcept {
  return events_ != nullptr && !is_paused_ && !is_closed_ && tail_.size() < max_tail_;
}

// In the next turn: whoever resumes or takes over is not called from inside its own call.
void TcpStream::schedule_reading() {
  offers_tail_ = true;
  const bool is_due = in_event_ || !tail_.empty() || maybe_readable_ || peer_ended_ || owes_closed_;
  if (loop_ != nullptr && is_due) loop_->run_again(*this);
}

void TcpStream::read_on() {
  if (is_closed_) return tell_closed();
  while (maybe_readable_ && wants_bytes() && receive_once()) {
  }
  const bool is_tail_due = offers_tail_;
  offers_tail_ = false;
  if (is_tail_due) offer_tail();
  if (is_closed_) return;
  if (maybe_readable_ && wants_bytes()) return loop_->run_again(*this);
  if (error_ != 0) return close_with(error_);
  if (peer_ended_) tell_end();
}

// Returns whether to read again at once: only towards an end that is already known, else a short read means
// that the kernel has nothing, and after a full one the other streams come first.
bool TcpStream::receive_once() {
  const std::size_t room = std::min<std::size_t>(Loop::kReceiveSize, max_tail_ - tail_.size());
  bool is_full = false;
  const std::ptrdiff_t count = tail_.size() > Loop::kReceiveHeadroom ? receive_behind_tail(room, is_full)
                                                                     : receive_into_buffer(room, is_full);
  if (count > 0) {
    maybe_readable_ = is_full || is_ending_;
    return !is_full && is_ending_;
  }
  if (count < 0 && errno == EINTR) return true;
  maybe_readable_ = false;
  if (count == 0 && error_ == 0) peer_ended_ = true;
  if (count < 0 && errno != EAGAIN && error_ == 0) error_ = static_cast<std::uint16_t>(errno);
  return false;
}

// The short tail is put in front of the new bytes, where the buffer has room for it.
std::ptrdiff_t TcpStream::receive_into_buffer(std::size_t room, bool& is_full) {
  char* const buffer = loop_->receive_buffer();
  const std::ptrdiff_t count = ::recv(descriptor_.get(), buffer, room, MSG_DONTWAIT);
  loop_->metrics().reads.add();
  if (count <= 0) return count;
  loop_->metrics().bytes_read.add(static_cast<std::uint64_t>(count));
  is_full = static_cast<std::size_t>(count) == room;
  const std::size_t before = tail_.size();
  if (before > 0) {
    std::copy_n(tail_.bytes().data(), before, buffer - before);
    drop_tail();
  }
  const std::span<char> bytes(buffer - before, before + static_cast<std::size_t>(count));
  const std::size_t taken = offer(bytes);
  if (!is_closed_ && taken < bytes.size()) keep(bytes.subspan(taken));
  return count;
}

// A tail too long to be copied for each read grows in place.
std::ptrdiff_t TcpStream::receive_behind_tail(std::size_t room, bool& is_full) {
  // No more than doubles it, so that memory follows what really comes.
  room = std::min(room, tail_.size());
  const std::size_t before = tail_.capacity();
  const std::span<char> space = tail_.grow(room);
  const std::ptrdiff_t count = ::recv(descriptor_.get(), space.data(), room, MSG_DONTWAIT);
  const int error = errno;
  loop_->metrics().reads.add();
  loop_->ledger().add(Account::read_tails, static_cast<std::ptrdiff_t>(tail_.capacity() - before));
  errno = error;
  if (count <= 0) return count;
  loop_->metrics().bytes_read.add(static_cast<std::uint64_t>(count));
  is_full = static_cast<std::size_t>(count) == room;
  tail_.commit(static_cast<std::size_t>(count));
  offer_tail();
  return count;
}

// A new owner that the old one names during its call gets the rest at once.
std::size_t TcpStream::offer(std::span<char> bytes) {
  offers_tail_ = false;
  std::size_t taken = 0;
  in_event_ = true;
  while (taken < bytes.size() && events_ != nullptr && !is_paused_ && !is_closed_) {
    base::StreamEvents* const owner = events_;
    taken += owner->on_bytes(bytes.subspan(taken));
    assert(taken <= bytes.size());
    if (events_ == owner) break;
  }
  in_event_ = false;
  return taken;
}

// The tail is taken out of the stream while it is offered: abort() in between must not free what the owner
// reads.
void TcpStream::offer_tail() {
  if (tail_.empty() || events_ == nullptr || is_paused_) return;
  const auto before = static_cast<std::ptrdiff_t>(tail_.capacity());
  ReadTail offered = std::move(tail_);
  const std::size_t taken = offer(offered.bytes());
  if (is_closed_) {
    offered.clear();
  } else {
    offered.consume(taken);
  }
  loop_->ledger().add(Account::read_tails, static_cast<std::ptrdiff_t>(offered.capacity()) - before);
  tail_ = std::move(offered);
}

void TcpStream::keep(std::span<const char> rest) {
  tail_.assign(rest);
  loop_->ledger().add(Account::read_tails, static_cast<std::ptrdiff_t>(tail_.capacity()));
}

void TcpStream::drop_tail() {
  if (loop_ != nullptr)
    loop_->ledger().add(Account::read_tails, -static_cast<std::ptrdiff_t>(tail_.capacity()));
  tail_.clear();
}

void TcpStream::tell_end() {
  if (end_told_ || events_ == nullptr || is_paused_) return;
  end_told_ = true;
  events_->on_end();
  if (!is_closed_ && fin_sent_) close_with(0);
}

// --- closing ---

void TcpStream::abort() {
  if (is_closed_) {
    owes_closed_ = false;
    return;
  }
  release();
}

void TcpStream::note_socket_error() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  // Reading the error takes it away from recv(), which then would see a clean end.
  if (error != 0 && error_ == 0) error_ = static_cast<std::uint16_t>(error);
}

void TcpStream::close_with(int error) {
  error_ = static_cast<std::uint16_t>(error);
  release();
  owes_closed_ = true;
  tell_closed();
}

void TcpStream::tell_closed() {
  if (!owes_closed_ || events_ == nullptr) return;
  owes_closed_ = false;
  std::exchange(events_, nullptr)->on_closed(std::error_code(error_, std::generic_category()));
}

void TcpStream::release() {
  is_closed_ = true;
  drop_tail();
  pending_.clear();
  if (loop_ != nullptr) {
    account_pending();
    // Closing alone would not do: a child between fork and exec holds the socket, and epoll goes by the
    // socket.
    if (descriptor_) loop_->unwatch(descriptor_.get(), *this);
    loop_->forget(*this);
  }
  descriptor_.reset();
}

}  // namespace naru::net
