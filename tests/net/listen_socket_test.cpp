#include "net/listen_socket.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace naru::net {
namespace {

int family_of(const UniqueDescriptor& descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family;
}

bool has_ipv6() {
  try {
    open_listen_sockets("::1", 0, 1);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

bool can_connect(const sockaddr* address, socklen_t size) {
  const UniqueDescriptor client(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(client.get(), address, size) == 0;
}

bool can_connect_ipv4(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return can_connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
}

bool can_connect_ipv6(std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  address.sin6_port = htons(port);
  return can_connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
}

TEST(ListenSocket, LocalhostIsBothLoopbacksUnderOnePort) {
  const ListenSockets opened = open_listen_sockets("localhost", 0, 16);
  EXPECT_NE(opened.port, 0);
  EXPECT_TRUE(can_connect_ipv4(opened.port));
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  ASSERT_EQ(opened.descriptors.size(), 2U);
  EXPECT_EQ(family_of(opened.descriptors[0]), AF_INET);
  EXPECT_EQ(family_of(opened.descriptors[1]), AF_INET6);
  EXPECT_TRUE(can_connect_ipv6(opened.port));
}

TEST(ListenSocket, EverywhereIsBothFamilies) {
  for (const char* host : {"", "::"}) {
    const ListenSockets opened = open_listen_sockets(host, 0, 16);
    EXPECT_EQ(opened.descriptors.size(), 1U);
    EXPECT_TRUE(can_connect_ipv4(opened.port)) << host;
    EXPECT_EQ(can_connect_ipv6(opened.port), has_ipv6()) << host;
  }
}

TEST(ListenSocket, AnAddressIsOnlyThatOne) {
  const ListenSockets opened = open_listen_sockets("127.0.0.1", 0, 16);
  EXPECT_EQ(opened.descriptors.size(), 1U);
  EXPECT_TRUE(can_connect_ipv4(opened.port));
  EXPECT_FALSE(can_connect_ipv6(opened.port));
}

std::string complaint(std::string_view host, std::uint16_t port) {
  try {
    open_listen_sockets(host, port, 16);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "";
}

TEST(ListenSocket, ComplaintsSayWhatToDo) {
  const ListenSockets opened = open_listen_sockets("127.0.0.1", 0, 16);
  EXPECT_NE(complaint("127.0.0.1", opened.port).find("choose another port"), std::string::npos);
  EXPECT_NE(complaint("localhost", opened.port).find("choose another port"), std::string::npos);
  EXPECT_NE(complaint("192.0.2.1", 0).find("no address of this machine"), std::string::npos);
  EXPECT_NE(complaint("not a host", 0).find("\"not a host\""), std::string::npos);
}

class UnixListenSocket : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "naru-listen-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "socket";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  bool can_connect_here() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.string().copy(address.sun_path, sizeof address.sun_path - 1);
    return can_connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
};

TEST_F(UnixListenSocket, ReplacesAStaleFileButNoLivingServer) {
  {
    const UniqueDescriptor first = open_unix_listen_socket(path_.string(), 4);
    EXPECT_TRUE(can_connect_here());
    EXPECT_THROW(open_unix_listen_socket(path_.string(), 4), std::system_error);
  }
  EXPECT_TRUE(std::filesystem::exists(path_));  // as a killed server leaves it
  const UniqueDescriptor second = open_unix_listen_socket(path_.string(), 4);
  EXPECT_TRUE(can_connect_here());
}

TEST_F(UnixListenSocket, NeverReplacesAnotherKindOfFile) {
  std::ofstream(path_) << "precious";
  EXPECT_THROW(open_unix_listen_socket(path_.string(), 4), std::system_error);
  EXPECT_EQ(std::filesystem::file_size(path_), 8U);
}

TEST_F(UnixListenSocket, PathsHaveTheKernelsLimit) {
  EXPECT_THROW(open_unix_listen_socket("", 4), std::system_error);
  std::string path = folder_.string() + "/";
  path.append(sizeof(sockaddr_un::sun_path) - 1 - path.size(), 'p');
  EXPECT_NO_THROW(open_unix_listen_socket(path, 4));
  EXPECT_THROW(open_unix_listen_socket(path + "p", 4), std::system_error);
}

}  // namespace
}  // namespace naru::net
