// Two connected ByteStreams without a kernel. Nothing moves until run(): events come only from there, as they
// come only from a loop.
//
//   MemoryPipe pipe;                                   // or MemoryPipe pipe({.window = 100, .max_read = 1});
//   ws::Session session(pipe.take_left(), ...);
//   StreamRecorder client(pipe.right());               // collects what the other end gets
//   pipe.right().write("hello");
//   pipe.run();
//   EXPECT_EQ(client.bytes, "hello yourself");
//
// A pipe and its ends live on one thread; the ends may outlive the pipe object.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/byte_stream.hpp"

namespace naru::test {

struct MemoryPipeOptions {
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
  // How many bytes one direction takes before the other end has read them; what is above is buffered in the
  // writer.
  std::size_t window = kUnlimited;
  // How many new bytes one on_bytes brings at most: 1 splits everything at every byte.
  std::size_t max_read = kUnlimited;
  // Reading stops while so much stands unconsumed.
  std::size_t max_tail = 64 * 1024;
  std::string left_address = "127.0.0.1";  // what right().peer_address() says
  std::string right_address = "127.0.0.1";
  bool is_secure = false;
};

class MemoryStream : public base::ByteStream {
 public:
  explicit MemoryStream(const MemoryPipeOptions& options, std::string peer)
      : options_(options), peer_address_(std::move(peer)) {}
  ~MemoryStream() override {
    abort();
    if (peer_ != nullptr) peer_->peer_ = nullptr;
    *self_ = nullptr;
  }

  void set_events(base::StreamEvents* events) override {
    events_ = events;
    offer_tail_ = true;
  }
  base::WriteStatus write(std::span<const base::Slice> slices) override {
    if (is_closed_ || is_shut_down_) return base::WriteStatus::closed;
    for (const base::Slice& slice : slices)
      waiting_.append(slice.bytes);
    ++writes_;
    pass_on();
    wants_on_writable_ = wants_on_writable_ || !waiting_.empty();
    return wants_on_writable_ ? base::WriteStatus::buffered : base::WriteStatus::sent;
  }
  using base::ByteStream::write;
  void pause_reading() override { is_paused_ = true; }
  void resume_reading() override {
    is_paused_ = false;
    offer_tail_ = true;
  }
  void shutdown() override { is_shut_down_ = true; }
  void abort() override {
    if (is_closed_) return;
    close();
    if (peer_ != nullptr) peer_->is_reset_ = true;
  }
  std::size_t buffered() const override { return waiting_.size(); }
  std::string peer_address() const override { return peer_address_; }
  bool is_secure() const override { return options_.is_secure; }

  // For tests.
  bool is_closed() const { return is_closed_; }
  bool is_shut_down() const { return is_shut_down_; }
  bool is_reading_paused() const { return is_paused_ || events_ == nullptr; }
  std::size_t writes() const { return writes_; }  // how many calls of write()
  std::size_t unconsumed() const { return tail_.size(); }

 private:
  friend class MemoryPipe;

  // Moves what waits into the wire as far as the window allows; true when something moved.
  bool pass_on() {
    if (peer_ == nullptr || peer_->is_closed_) {
      // The kernel would take them too, and then throw them away.
      const bool had_some = !waiting_.empty();
      waiting_.clear();
      return had_some;
    }
    std::string& wire = peer_->wire_;
    const std::size_t count =
        std::min(waiting_.size(), options_.window - std::min(options_.window, wire.size()));
    wire.append(waiting_, 0, count);
    waiting_.erase(0, count);
    return count > 0;
  }

  bool step() {
    if (is_closed_) return false;
    bool moved = pass_on();
    if (wants_on_writable_ && waiting_.empty()) {
      wants_on_writable_ = false;
      moved = true;
      if (events_ != nullptr) events_->on_writable();
    }
    return read() || end() || moved;
  }

  std::size_t room() const { return options_.max_tail - std::min(options_.max_tail, tail_.size()); }
  bool can_read() const { return !is_reading_paused() && room() > 0; }

  bool read() {
    if (is_closed_ || is_reading_paused()) return false;
    const std::size_t count = std::min({wire_.size(), options_.max_read, room()});
    if (count == 0 && !(std::exchange(offer_tail_, false) && !tail_.empty())) return false;
    offer_tail_ = false;
    tail_.append(wire_, 0, count);
    wire_.erase(0, count);
    offer();
    return true;
  }

  void offer() {
    // An exact-size block: AddressSanitizer sees a read past its end.
    const auto block = std::make_unique<char[]>(tail_.size());
    std::copy(tail_.begin(), tail_.end(), block.get());
    const std::size_t size = tail_.size();
    const std::size_t consumed = events_->on_bytes(std::span<char>(block.get(), size));
    assert(consumed <= size);
    if (!is_closed_) tail_.erase(0, consumed);
  }

  bool end() {
    if (is_closed_) return false;
    // A reader that stands still learns of a reset too, and loses what it did not read.
    if (is_reset_ && (wire_.empty() || !can_read())) {
      return close_with(std::make_error_code(std::errc::connection_reset));
    }
    const bool peer_ended = peer_ == nullptr || (peer_->is_shut_down_ && peer_->waiting_.empty());
    if (peer_ended && wire_.empty() && !has_ended_ && can_read()) {
      has_ended_ = true;
      events_->on_end();
      return true;
    }
    if (has_ended_ && is_shut_down_ && waiting_.empty()) return close_with({});
    return false;
  }

  bool close_with(std::error_code reason) {
    close();
    if (events_ != nullptr) events_->on_closed(reason);
    return true;
  }
  void close() {
    is_closed_ = true;
    waiting_.clear();
    tail_.clear();
    wire_.clear();
    wants_on_writable_ = false;
  }

  const MemoryPipeOptions options_;
  const std::string peer_address_;
  MemoryStream* peer_ = nullptr;
  const std::shared_ptr<MemoryStream*> self_ = std::make_shared<MemoryStream*>(this);  // null once destroyed
  base::StreamEvents* events_ = nullptr;
  std::string waiting_;  // written by the owner, not yet in the wire
  std::string wire_;     // on the way to this end
  std::string tail_;     // offered to the owner and not consumed
  std::size_t writes_ = 0;
  bool wants_on_writable_ = false;
  bool offer_tail_ = false;
  bool is_paused_ = false;
  bool is_shut_down_ = false;
  bool is_reset_ = false;
  bool has_ended_ = false;
  bool is_closed_ = false;
};

class MemoryPipe {
 public:
  explicit MemoryPipe(const MemoryPipeOptions& options = {})
      : owned_{std::make_unique<MemoryStream>(options, options.right_address),
               std::make_unique<MemoryStream>(options, options.left_address)},
        ends_{owned_[0]->self_, owned_[1]->self_} {
    left().peer_ = &right();
    right().peer_ = &left();
  }

  // REQUIRES: the end lives. It does until the pipe, or whoever took it, destroys it.
  MemoryStream& left() { return *check(*ends_[0]); }
  MemoryStream& right() { return *check(*ends_[1]); }
  std::unique_ptr<base::ByteStream> take_left() { return std::move(owned_[0]); }
  std::unique_ptr<base::ByteStream> take_right() { return std::move(owned_[1]); }

  // One turn of each end; true when anything moved. An end must not be destroyed inside its own event.
  bool step() {
    bool moved = false;
    for (const auto& end : ends_) {
      if (*end != nullptr && (*end)->step()) moved = true;
    }
    return moved;
  }
  // Until nothing moves any more.
  void run() {
    constexpr int kTurns = 10'000'000;
    for (int turn = 0; step(); ++turn) {
      if (turn == kTurns) {
        ADD_FAILURE() << "the two ends never come to rest";
        return;
      }
    }
  }

 private:
  static MemoryStream* check(MemoryStream* end) { return assert(end != nullptr), end; }

  std::array<std::unique_ptr<MemoryStream>, 2> owned_;
  std::array<std::shared_ptr<MemoryStream*>, 2> ends_;
};

// An owner that writes down what happens to its stream.
class StreamRecorder : public base::StreamEvents {
 public:
  explicit StreamRecorder(base::ByteStream& stream) { stream.set_events(this); }

  std::size_t on_bytes(std::span<char> piece) override {
    bytes.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_writable() override { ++writable; }
  void on_end() override { has_ended = true; }
  void on_closed(std::error_code reason) override { closed = reason; }

  std::string bytes;
  int writable = 0;
  bool has_ended = false;
  std::optional<std::error_code> closed;
};

}  // namespace naru::test
