// Who is on the other side of a socket, as people and address rules read it.
//
//   PeerAddress address = PeerAddress::of_peer(descriptor.get());
//   log(address.text());   // "127.0.0.1", "::1", "" for a Unix socket
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

namespace naru::net {

// A value of 20 bytes; any thread. IPv4-mapped IPv6 addresses (RFC 4291 2.5.5.2) are IPv4 ones here, so that
// a dual-stack socket and an IPv4 socket name the same client the same way.
class PeerAddress {
 public:
  enum class Family : std::uint8_t { none, ipv4, ipv6 };

  PeerAddress() = default;
  static PeerAddress from(const sockaddr* address, socklen_t size);
  // The address of the connected peer of `descriptor`; empty when it has none (any more).
  static PeerAddress of_peer(int descriptor);

  Family family() const noexcept { return family_; }
  // 0 for Unix sockets.
  std::uint16_t port() const noexcept { return port_; }
  // Without port and without scope; empty for a Unix socket.
  std::string text() const;

  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;

 private:
  std::array<unsigned char, 16> bytes_{};
  std::uint16_t port_ = 0;
  Family family_ = Family::none;
};

}  // namespace naru::net
