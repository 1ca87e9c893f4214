#include "net/peer_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace naru::net {
namespace {

PeerAddress ipv6(const char* text, std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  EXPECT_EQ(::inet_pton(AF_INET6, text, &address.sin6_addr), 1);
  return PeerAddress::from(reinterpret_cast<sockaddr*>(&address), sizeof address);
}

PeerAddress ipv4(const char* text, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  EXPECT_EQ(::inet_pton(AF_INET, text, &address.sin_addr), 1);
  return PeerAddress::from(reinterpret_cast<sockaddr*>(&address), sizeof address);
}

TEST(PeerAddress, IsTextWithoutPort) {
  EXPECT_EQ(ipv4("192.0.2.7", 80).text(), "192.0.2.7");
  EXPECT_EQ(ipv4("192.0.2.7", 80).port(), 80);
  EXPECT_EQ(ipv6("2001:db8::1", 443).text(), "2001:db8::1");
  EXPECT_EQ(ipv6("2001:db8::1", 443).family(), PeerAddress::Family::ipv6);
}

TEST(PeerAddress, MappedAddressesAreTheIpv4OnesThatTheyMap) {
  EXPECT_EQ(ipv6("::ffff:192.0.2.7", 80).text(), "192.0.2.7");
  EXPECT_EQ(ipv6("::ffff:192.0.2.7", 80), ipv4("192.0.2.7", 80));
  EXPECT_EQ(ipv6("::fffe:192.0.2.7", 80).family(), PeerAddress::Family::ipv6);
  EXPECT_EQ(ipv6("::1", 80).text(), "::1");
}

TEST(PeerAddress, UnixAndCutAddressesAreEmpty) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_EQ(PeerAddress::from(reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family).text(), "");
  sockaddr_in cut{};
  cut.sin_family = AF_INET;
  EXPECT_EQ(PeerAddress::from(reinterpret_cast<sockaddr*>(&cut), sizeof cut - 1).text(), "");
  EXPECT_EQ(PeerAddress::of_peer(-1).text(), "");
}

}  // namespace
}  // namespace naru::net
