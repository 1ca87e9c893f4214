// What memory a loop holds on behalf of its peers, by name, so that growth shows before it hurts.
//
//   ledger.add(Account::read_tails, +4096);
//   metrics.gauge("naru_memory", ledger.bytes(Account::read_tails));
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace naru::net {

enum class Account : std::uint8_t {
  read_tails,  // received bytes that a parser has not taken yet
  // Bytes that stay unsent beyond a turn, summed over connections. A frame that many wait for counts for
  // each: an upper bound, and what the limits go by. To count it once, every loop would have to write into
  // every shared frame whenever a slow reader takes or lets go of it.
  write_queues,
  messages,     // of peers, incomplete or waiting: attachments, polling's queues and unread POSTs
  logs,         // what channels keep
  inbox,        // what posted work refers to
  compression,  // windows of WebSockets that compress
  other,
};
inline constexpr std::size_t kAccounts = 7;

// Any thread adds and reads. Figures of different accounts are not of one instant.
class Ledger {
 public:
  void add(Account account, std::ptrdiff_t bytes) noexcept {
    at(account).fetch_add(bytes, std::memory_order_relaxed);
  }
  std::size_t bytes(Account account) const noexcept {
    const std::ptrdiff_t held = accounts_[static_cast<std::size_t>(account)].load(std::memory_order_relaxed);
    return held > 0 ? static_cast<std::size_t>(held) : 0;
  }
  std::size_t total() const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < kAccounts; ++i)
      sum += bytes(static_cast<Account>(i));
    return sum;
  }

 private:
  std::atomic<std::ptrdiff_t>& at(Account account) noexcept {
    return accounts_[static_cast<std::size_t>(account)];
  }
  std::array<std::atomic<std::ptrdiff_t>, kAccounts> accounts_{};
};

// What one owner holds of an account; nothing once it has gone.
//
//   Holding pending(loop.ledger(), Account::messages);
//   pending.set(decoder.pending_bytes());
class Holding {
 public:
  // The ledger must outlive this.
  Holding(Ledger& ledger, Account account) noexcept : ledger_(ledger), account_(account) {}
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() { set(0); }

  void set(std::size_t bytes) noexcept {
    if (bytes == bytes_) return;
    ledger_.add(account_, static_cast<std::ptrdiff_t>(bytes) - static_cast<std::ptrdiff_t>(bytes_));
    bytes_ = bytes;
  }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  Ledger& ledger_;
  std::size_t bytes_ = 0;
  Account account_;
};

}  // namespace naru::net
