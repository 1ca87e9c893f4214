#include "net/peer_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace naru::net {

namespace {
// ::ffff:0:0/96, RFC 4291 2.5.5.2
constexpr std::array<unsigned char, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}  // namespace

PeerAddress PeerAddress::from(const sockaddr* address, socklen_t size) {
  PeerAddress result;
  if (size >= sizeof(sockaddr_in) && address->sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, address, sizeof ipv4);
    std::memcpy(result.bytes_.data(), &ipv4.sin_addr, 4);
    result.port_ = ntohs(ipv4.sin_port);
    result.family_ = Family::ipv4;
  } else if (size >= sizeof(sockaddr_in6) && address->sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, address, sizeof ipv6);
    std::memcpy(result.bytes_.data(), &ipv6.sin6_addr, 16);
    result.port_ = ntohs(ipv6.sin6_port);
    result.family_ = Family::ipv6;
    if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), result.bytes_.begin())) {
      std::copy_n(result.bytes_.begin() + 12, 4, result.bytes_.begin());
      std::fill(result.bytes_.begin() + 4, result.bytes_.end(), static_cast<unsigned char>(0));
      result.family_ = Family::ipv4;
    }
  }
  return result;
}

PeerAddress PeerAddress::of_peer(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return from(reinterpret_cast<const sockaddr*>(&address), size);
}

std::string PeerAddress::text() const {
  if (family_ == Family::none) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family_ == Family::ipv4 ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

}  // namespace naru::net
