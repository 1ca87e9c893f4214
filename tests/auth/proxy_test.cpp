#include "auth/proxy.hpp"

#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <vector>

namespace naru::auth {
namespace {

using Fields = std::vector<std::string_view>;

TEST(Proxy, TrustsAddressesAndRanges) {
  const TrustedProxies proxies({"127.0.0.1", "10.0.0.0/8", "192.168.4.0/22", "2001:db8::/33", "::1", "unix"});
  for (const char* address :
       {"127.0.0.1", "10.255.0.1", "192.168.7.255", "2001:db8:7fff::1", "::1", "::ffff:10.1.2.3", ""}) {
    EXPECT_TRUE(proxies.trusts(address)) << address;
  }
  for (const char* address :
       {"127.0.0.2", "11.0.0.1", "192.168.8.0", "2001:db8:8000::1", "::2", "::", "nonsense", "10.0.0"}) {
    EXPECT_FALSE(proxies.trusts(address)) << address;
  }
}

TEST(Proxy, TrustsNobodyByDefault) {
  const TrustedProxies nobody;
  EXPECT_TRUE(nobody.empty());
  EXPECT_FALSE(nobody.trusts("127.0.0.1"));
  EXPECT_FALSE(nobody.trusts(""));
}

TEST(Proxy, RangesOfAnyWidth) {
  EXPECT_TRUE(TrustedProxies({"0.0.0.0/0"}).trusts("203.0.113.9"));
  EXPECT_FALSE(TrustedProxies({"0.0.0.0/0"}).trusts("2001:db8::1"));
  EXPECT_TRUE(TrustedProxies({"::/0"}).trusts("2001:db8::1"));
  EXPECT_TRUE(TrustedProxies({"10.0.0.1/32"}).trusts("10.0.0.1"));
  EXPECT_FALSE(TrustedProxies({"10.0.0.1/32"}).trusts("10.0.0.0"));
}

TEST(Proxy, RefusesWhatIsNoAddressAtSetup) {
  for (const char* entry : {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x",
                            "::1/129", "10.0.0", "/8"}) {
    EXPECT_THROW(TrustedProxies({entry}), std::system_error) << entry;
  }
}

TEST(Proxy, WithoutTrustThePeerIsTheClient) {
  const TrustedProxies nobody;
  EXPECT_EQ(client_address(nobody, "203.0.113.9", Fields{"198.51.100.7"}), "203.0.113.9");
}

TEST(Proxy, WalksBackThroughTrustedProxiesOnly) {
  const TrustedProxies proxies({"10.0.0.0/8", "::1"});
  EXPECT_EQ(client_address(proxies, "10.0.0.1", Fields{}), "10.0.0.1");
  EXPECT_EQ(client_address(proxies, "10.0.0.1", Fields{"198.51.100.7"}), "198.51.100.7");
  EXPECT_EQ(client_address(proxies, "10.0.0.1", Fields{"198.51.100.7, 10.0.0.2"}), "198.51.100.7");
  // What the client itself wrote in front is not believed.
  EXPECT_EQ(client_address(proxies, "10.0.0.1", Fields{"1.1.1.1, 198.51.100.7"}), "198.51.100.7");
  EXPECT_EQ(client_address(proxies, "10.0.0.1", Fields{"1.1.1.1", "198.51.100.7 ,\t10.0.0.2"}),
            "198.51.100.7");
  EXPECT_EQ(client_address(proxies, "::1", Fields{"2001:DB8::0:7"}), "2001:db8::7");
  // All of them are proxies: the first is as far as we can see.
  EXPECT_EQ(client_address(proxies, "10.0.0.1", Fields{"10.0.0.3, 10.0.0.2"}), "10.0.0.3");
}

TEST(Proxy, EntriesMayCarryPorts) {
  const TrustedProxies proxies({"127.0.0.1", "unix"});
  EXPECT_EQ(client_address(proxies, "127.0.0.1", Fields{"198.51.100.7:5678"}), "198.51.100.7");
  EXPECT_EQ(client_address(proxies, "127.0.0.1", Fields{"[2001:db8::7]:5678"}), "2001:db8::7");
  EXPECT_EQ(client_address(proxies, "", Fields{"::ffff:198.51.100.7"}), "198.51.100.7");
}

TEST(Proxy, AnEntryThatIsNoAddressEndsTheWalk) {
  const TrustedProxies proxies({"127.0.0.1"});
  for (const char* value : {"unknown", "", ",", "<script>", "1.1.1.1, unknown", "[::1", "1.2.3.4.5"}) {
    EXPECT_EQ(client_address(proxies, "127.0.0.1", Fields{value}), "127.0.0.1") << value;
  }
}

TEST(Proxy, TheWalkIsBounded) {
  const TrustedProxies proxies({"127.0.0.1"});
  std::string value = "198.51.100.7";
  for (int i = 0; i < 10'000; ++i)
    value += ",127.0.0.1";
  EXPECT_EQ(client_address(proxies, "127.0.0.1", Fields{value}), "127.0.0.1");
}

TEST(Proxy, TheLastForwardedValueCounts) {
  EXPECT_EQ(last_forwarded("a.example"), "a.example");
  EXPECT_EQ(last_forwarded("evil.example, a.example "), "a.example");
  EXPECT_EQ(last_forwarded(""), std::nullopt);
  EXPECT_EQ(last_forwarded("a.example, "), std::nullopt);
}

}  // namespace
}  // namespace naru::auth
