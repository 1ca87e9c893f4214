#include "auth/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

namespace naru::auth {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr int kMappedBits = 96;  // ::ffff:0:0/96 holds IPv4
// A field that names more hops is somebody's joke: the walk ends there.
constexpr std::size_t kMaxHops = 32;

std::optional<Address> parse_address(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> zero_ended{};
  if (text.empty() || text.size() >= zero_ended.size()) return std::nullopt;
  std::copy(text.begin(), text.end(), zero_ended.begin());
  Address address{};
  if (::inet_pton(AF_INET6, zero_ended.data(), address.data()) == 1) return address;
  address[10] = address[11] = 0xFF;
  if (::inet_pton(AF_INET, zero_ended.data(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

std::string text_of(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_mapped =
      std::all_of(address.begin(), address.begin() + 10, [](auto byte) { return byte == 0; }) &&
      address[10] == 0xFF && address[11] == 0xFF;
  if (is_mapped) {
    ::inet_ntop(AF_INET, address.data() + 12, text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// An entry of X-Forwarded-For: an address, some proxies add the port ("192.0.2.1:80", "[2001:db8::1]:80").
std::optional<Address> parse_entry(std::string_view entry) noexcept {
  entry = trimmed(entry);
  if (entry.starts_with('[')) {
    const std::size_t end = entry.find(']');
    return end == std::string_view::npos ? std::nullopt : parse_address(entry.substr(1, end - 1));
  }
  if (std::count(entry.begin(), entry.end(), ':') == 1) entry = entry.substr(0, entry.find(':'));
  return parse_address(entry);
}

bool has_prefix(const Address& address, const Address& prefix, int bits) noexcept {
  const auto bytes = static_cast<std::size_t>(bits / 8);
  if (!std::equal(prefix.begin(), prefix.begin() + bytes, address.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits % 8));
  return (address[bytes] & mask) == (prefix[bytes] & mask);
}

[[noreturn]] void refuse(const std::string& entry) {
  throw std::system_error(
      std::make_error_code(std::errc::invalid_argument),
      "trusted proxies: \"" + entry + "\" is no address, no range like 10.0.0.0/8 and not \"unix\"");
}

// Walks the entries of several field values from the last to the first.
class ForwardedWalk {
 public:
  explicit ForwardedWalk(std::span<const std::string_view> values) : values_(values) {}

  std::optional<std::string_view> next() noexcept {
    while (!has_value_) {
      if (values_.empty()) return std::nullopt;
      value_ = values_.back();
      values_ = values_.first(values_.size() - 1);
      has_value_ = true;
    }
    const std::size_t comma = value_.rfind(',');
    has_value_ = comma != std::string_view::npos;
    const std::string_view entry = has_value_ ? value_.substr(comma + 1) : value_;
    if (has_value_) value_ = value_.substr(0, comma);
    return entry;
  }

 private:
  std::span<const std::string_view> values_;
  std::string_view value_;
  bool has_value_ = false;
};

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    if (entry == "unix") {
      trusts_unix_ = true;
      continue;
    }
    const std::size_t slash = entry.find('/');
    const std::string_view text = std::string_view(entry).substr(0, slash);
    const auto address = parse_address(text);
    if (!address) refuse(entry);
    const int first_bit = text.find(':') == std::string_view::npos ? kMappedBits : 0;
    int bits = 128 - first_bit;
    if (slash != std::string::npos) {
      const char* const end = entry.data() + entry.size();
      const int most = bits;
      const auto result = std::from_chars(entry.data() + slash + 1, end, bits);
      if (result.ec != std::errc() || result.ptr != end || bits < 0 || bits > most) refuse(entry);
    }
    ranges_.push_back({*address, first_bit + bits});
  }
}

bool TrustedProxies::trusts(std::string_view address) const noexcept {
  if (address.empty()) return trusts_unix_;
  const auto parsed = parse_address(address);
  return parsed && std::any_of(ranges_.begin(), ranges_.end(), [&parsed](const Range& range) {
           return has_prefix(*parsed, range.address, range.bits);
         });
}

std::string client_address(const TrustedProxies& proxies, std::string_view peer,
                           std::span<const std::string_view> forwarded_for) {
  std::string address(peer);
  ForwardedWalk walk(forwarded_for);
  for (std::size_t hop = 0; hop < kMaxHops && proxies.trusts(address); ++hop) {
    const auto entry = walk.next();
    const auto parsed = entry ? parse_entry(*entry) : std::nullopt;
    if (!parsed) break;
    address = text_of(*parsed);
  }
  return address;
}

std::optional<std::string_view> last_forwarded(std::string_view value) noexcept {
  const std::size_t comma = value.rfind(',');
  const std::string_view last = trimmed(comma == std::string_view::npos ? value : value.substr(comma + 1));
  return last.empty() ? std::nullopt : std::optional(last);
}

}  // namespace naru::auth
