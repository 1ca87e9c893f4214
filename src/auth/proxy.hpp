// Whom a request really comes from, when a proxy stands in between. What X-Forwarded-* say is believed only
// as far as it was written by an address that we were told to trust; anybody can send such fields.
//
//   const TrustedProxies proxies({"127.0.0.1", "10.0.0.0/8", "unix"});
//   std::string address = client_address(proxies, stream.peer_address(), fields);
//   if (proxies.trusts(stream.peer_address())) host = last_forwarded(x_forwarded_host).value_or(host);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace naru::auth {

class TrustedProxies {
 public:
  // Addresses (IPv4, IPv6), CIDR ranges, and "unix" for every Unix-domain peer. Nobody is trusted by default.
  // Throws std::system_error with a sentence for anything else.
  TrustedProxies() = default;
  explicit TrustedProxies(const std::vector<std::string>& entries);

  // `address` as ByteStream::peer_address() gives it; empty is a Unix-domain peer.
  bool trusts(std::string_view address) const noexcept;
  bool empty() const noexcept { return ranges_.empty() && !trusts_unix_; }

 private:
  struct Range {
    std::array<std::uint8_t, 16> address;  // IPv4 as ::ffff:a.b.c.d
    int bits;
  };
  std::vector<Range> ranges_;
  bool trusts_unix_ = false;
};

// The nearest address that is no trusted proxy: starting from the peer, each trusted one is asked whom it
// forwards for (the fields' values in the order of the head; the last entry was written last). An entry that
// is no address ends the walk: the proxy that wrote it is the answer.
std::string client_address(const TrustedProxies& proxies, std::string_view peer,
                           std::span<const std::string_view> forwarded_for);

// The last entry of an X-Forwarded-Host or X-Forwarded-Proto value: the one that the proxy next to us wrote.
// REQUIRES: the peer is trusted.
std::optional<std::string_view> last_forwarded(std::string_view value) noexcept;

}  // namespace naru::auth
