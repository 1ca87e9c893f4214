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
  read_tails,    // received bytes that a parser has not taken yet
  write_queues,  // bytes that stay unsent beyond a turn, summed over connections (shared frames count for
                 // each)
  logs,          // what channels keep
  inbox,         // what posted work refers to
  compression,   // windows of WebSockets that compress
  other,
};
inline constexpr std::size_t kAccounts = 6;

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

}  // namespace naru::net
