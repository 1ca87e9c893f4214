// How many connections there are, in all and from each address, over all loops. An IPv6 network of 64 bits is
// one address: whoever has one of them has them all (RFC 6177), and could be everywhere in it at once.
//
//   if (auto refused = census.enter(address)) return log_it(*refused);   // and close the socket
//   … census.leave(address);
//
// Any thread. The table holds one entry for each address that is connected now.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace naru::serve {

struct CensusLimits {
  std::uint32_t per_address = 1000;  // 0: no limit. Loopback addresses and Unix sockets are exempt
  std::uint32_t total = 1'000'000;
};

class Census {
 public:
  explicit Census(CensusLimits limits) : limits_(limits) {}

  // Counts a connection, or says which limit refuses it.
  std::optional<std::string_view> enter(const std::string& address);
  void leave(const std::string& address);
  std::uint32_t total() const;

  // What an address is counted under.
  static std::string key_of(const std::string& address);

 private:
  static bool is_exempt(std::string_view address);

  const CensusLimits limits_;
  mutable std::mutex mutex_;
  std::uint32_t total_ = 0;
  std::unordered_map<std::string, std::uint32_t> by_address_;
};

}  // namespace naru::serve
