#include "serve/census.hpp"

#include <arpa/inet.h>

#include <array>
#include <cassert>

namespace naru::serve {

bool Census::is_exempt(std::string_view address) {
  return address.empty() || address == "::1" || address.starts_with("127.");
}

std::string Census::key_of(const std::string& address) {
  constexpr std::size_t kNetwork = 8;
  std::array<unsigned char, 16> bytes{};
  if (address.find(':') == std::string::npos || ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
    return address;
  return "/64 " + std::string(reinterpret_cast<const char*>(bytes.data()), kNetwork);
}

std::optional<std::string_view> Census::enter(const std::string& address) {
  const bool is_counted = limits_.per_address != 0 && !is_exempt(address);
  const std::string key = is_counted ? key_of(address) : std::string();
  std::lock_guard lock(mutex_);
  if (total_ >= limits_.total) return "max_connections is reached";
  if (is_counted) {
    std::uint32_t& count = by_address_[key];
    if (count >= limits_.per_address) return "max_connections_per_address is reached";
    ++count;
  }
  ++total_;
  return std::nullopt;
}

void Census::leave(const std::string& address) {
  const std::string key = key_of(address);
  std::lock_guard lock(mutex_);
  assert(total_ > 0);
  --total_;
  auto found = by_address_.find(key);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

std::uint32_t Census::total() const {
  std::lock_guard lock(mutex_);
  return total_;
}

}  // namespace naru::serve
