// A connected stream socket, TCP or Unix, as a base::ByteStream on a loop.
//
// An idle stream costs this object (about 80 bytes) and nothing else. What is written in a turn is gathered
// and leaves in one system call at its end; more than kWriteAtOnce waiting bytes are sent at once, while they
// are in cache (design, section 7). Reading stops at a short read, because a new edge comes with new bytes.
//
//   auto stream = std::make_unique<TcpStream>(loop, std::move(descriptor));
//   stream->set_events(&session);
//   … in session.on_closed(): loop.dispose(std::move(stream));
//
// Thread: the loop's. Any event may call anything here, also abort() and Loop::dispose() of the stream.
// Events beyond the words of base::StreamEvents:
// - on_end() is told again to a new owner when the peer had ended before set_events().
// - A reset by the peer is on_closed(ECONNRESET), also while reading is paused.
// - A stream that closed while it had no owner tells the next one in the following turn.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>

#include "base/byte_stream.hpp"
#include "net/descriptor.hpp"
#include "net/read_tail.hpp"
#include "net/watcher.hpp"

namespace naru::net {

class Loop;

struct StreamOptions {
  // Unread bytes that the stream keeps for its owner; reading stops there, and the kernel's window closes
  // behind it.
  std::size_t max_tail = std::size_t{64} << 10;
};

class TcpStream final : public base::ByteStream, private Watcher {
 public:
  static constexpr std::size_t kWriteAtOnce = std::size_t{16} << 10;
  // The greatest max_tail: whoever needs more keeps it itself.
  static constexpr std::size_t kMaxTail = std::size_t{1} << 30;

  // On no loop yet: join_loop() follows.
  explicit TcpStream(UniqueDescriptor descriptor, StreamOptions options = {});
  TcpStream(Loop& loop, UniqueDescriptor descriptor, StreamOptions options = {})
      : TcpStream(std::move(descriptor), options) {
    join_loop(loop);
  }
  ~TcpStream() override;

  void set_events(base::StreamEvents* events) override;
  using ByteStream::write;
  base::WriteStatus write(std::span<const base::Slice> slices) override;
  void pause_reading() override { is_paused_ = true; }
  void resume_reading() override;
  void shutdown() override;
  void abort() override;
  std::size_t buffered() const override { return pending_.size(); }
  std::string peer_address() const override;

  // At most this many unread bytes are kept from now on. What is already kept stays.
  void set_max_tail(std::size_t bytes);
  std::size_t max_tail() const noexcept { return max_tail_; }
  // How many received bytes wait for the owner.
  std::size_t tail_size() const noexcept { return tail_.size(); }
  bool is_closed() const noexcept { return is_closed_; }
  // True once the peer's FIN was read.
  bool is_ended() const noexcept { return peer_ended_; }
  // -1 once closed.
  int descriptor() const noexcept { return descriptor_.get(); }

  // Moving to another loop: leave_loop() on the old loop's thread, then join_loop() on the new one's.
  // Descriptor, unread and unsent bytes and owed events go along. REQUIRES for leaving: not inside an event
  // of this stream (use Loop::at_end_of_turn), because its unread bytes are on the stack there.
  void leave_loop();
  void join_loop(Loop& loop);
  Loop* loop() const noexcept { return loop_; }

 private:
  void on_events(std::uint32_t events) override;
  void on_again() override { read_on(); }
  void on_flush() override;

  bool wants_bytes() const noexcept;
  void schedule_reading();
  void read_on();
  bool receive_once();
  std::ptrdiff_t receive_behind_tail(std::size_t room, bool& is_full);
  std::ptrdiff_t receive_into_buffer(std::size_t room, bool& is_full);
  std::size_t offer(std::span<char> bytes);
  void offer_tail();
  void keep(std::span<const char> rest);
  void drop_tail();
  void tell_end();

  void send_at_once(std::span<const base::Slice> slices);
  void send_pending();
  std::ptrdiff_t send_pieces(std::span<const iovec> pieces);
  void note_send_error(int error);
  void end_our_direction();
  void account_pending();

  [[gnu::cold]] void note_socket_error();
  void close_with(int error);
  void tell_closed();
  void release();

  Loop* loop_ = nullptr;
  base::StreamEvents* events_ = nullptr;
  base::ByteChain pending_;
  ReadTail tail_;
  UniqueDescriptor descriptor_;
  std::uint32_t max_tail_;
  std::uint32_t accounted_ = 0;  // what the ledger counts of pending_
  std::uint16_t error_ = 0;      // the socket is broken; told when what can be read has been read

  bool is_paused_ : 1 = false;
  bool is_closed_ : 1 = false;
  bool in_event_ : 1 = false;        // on_bytes is on the stack
  bool maybe_readable_ : 1 = false;  // the kernel may hold bytes for which no edge will come
  bool is_ending_ : 1 = false;       // EPOLLRDHUP was seen: read to the end
  bool peer_ended_ : 1 = false;
  bool end_told_ : 1 = false;
  bool offers_tail_ : 1 = false;  // the tail is due to be offered without new bytes
  bool is_blocked_ : 1 = false;   // the kernel's buffer is full; EPOLLOUT will come
  bool owes_writable_ : 1 = false;
  bool is_shut_ : 1 = false;  // the owner has ended our direction
  bool fin_sent_ : 1 = false;
  bool owes_closed_ : 1 = false;  // closed while nobody listened
};

static_assert(sizeof(TcpStream) <= 128, "an idle connection pays this for each stream");

}  // namespace naru::net
