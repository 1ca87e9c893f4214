#include "net/listen_socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace naru::net {

namespace {

// A free port of IPv4 may be taken on IPv6; so many tries fail only when ports are all but used up.
constexpr int kPortTries = 16;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const noexcept { return storage.ss_family; }
  void set_port(std::uint16_t port) noexcept {
    if (family() == AF_INET6) {
      reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port = htons(port);
    } else {
      reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
    }
  }
  bool is_any_ipv6() const noexcept {
    return family() == AF_INET6 &&
           IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr) != 0;
  }
  friend bool operator==(const Address& left, const Address& right) noexcept {
    return left.size == right.size && std::memcmp(&left.storage, &right.storage, left.size) == 0;
  }
};

Address ipv4(in_addr_t host) {
  Address address;
  sockaddr_in parts{};
  parts.sin_family = AF_INET;
  parts.sin_addr.s_addr = htonl(host);
  std::memcpy(&address.storage, &parts, sizeof parts);
  address.size = sizeof parts;
  return address;
}

Address ipv6(const in6_addr& host) {
  Address address;
  sockaddr_in6 parts{};
  parts.sin6_family = AF_INET6;
  parts.sin6_addr = host;
  std::memcpy(&address.storage, &parts, sizeof parts);
  address.size = sizeof parts;
  return address;
}

bool is_missing_family(int error) {
  return error == EAFNOSUPPORT || error == EADDRNOTAVAIL || error == EPFNOSUPPORT;
}

std::vector<Address> resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  if (error != 0) {
    throw std::system_error(std::make_error_code(std::errc::address_not_available),
                            "cannot listen on \"" + host + "\": " + ::gai_strerror(error) +
                                "; give an address of this machine, \"localhost\" or \"::\"");
  }
  std::vector<Address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
      addresses.push_back(address);
  }
  return addresses;
}

// Null with errno when it cannot be had.
UniqueDescriptor try_listen(Address address, std::uint16_t port, int backlog) {
  address.set_port(port);
  UniqueDescriptor descriptor(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor) return descriptor;
  const int on = 1;
  // A restarted server must not wait for its predecessor's connections to leave TIME_WAIT.
  ::setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.family() == AF_INET6) {
    const int ipv6_only = address.is_any_ipv6() ? 0 : 1;
    ::setsockopt(descriptor.get(), IPPROTO_IPV6, IPV6_V6ONLY, &ipv6_only, sizeof ipv6_only);
  }
  if (::bind(descriptor.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 ||
      ::listen(descriptor.get(), backlog) != 0) {
    const int error = errno;
    descriptor.reset();
    errno = error;
  }
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size);
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                                             : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

[[noreturn]] void throw_cannot_listen(std::string_view host, std::uint16_t port, int error) {
  std::string sentence =
      "cannot listen on " + std::string(host.empty() ? "::" : host) + " port " + std::to_string(port);
  if (error == EADDRINUSE) sentence += ", another program has it; stop that one or choose another port";
  if (error == EACCES) sentence += ", ports below 1024 need the right to bind them; choose another port";
  if (error == EADDRNOTAVAIL) sentence += ", it is no address of this machine";
  throw std::system_error(error, std::generic_category(), sentence);
}

// All of `addresses` with one port. Returns the error, or 0. With `may_miss`, a family that this machine does
// not have is left out, as long as one remains.
int listen_on_all(const std::vector<Address>& addresses, std::uint16_t port, int backlog, bool may_miss,
                  ListenSockets& opened) {
  int missing = 0;
  for (const Address& address : addresses) {
    UniqueDescriptor descriptor = try_listen(address, port, backlog);
    if (!descriptor) {
      if (!may_miss || !is_missing_family(errno)) return errno;
      missing = errno;
      continue;
    }
    if (port == 0) port = port_of(descriptor.get());
    opened.descriptors.push_back(std::move(descriptor));
  }
  opened.port = port;
  return opened.descriptors.empty() ? missing : 0;
}

sockaddr_un unix_address(std::string_view path) {
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    throw std::system_error(std::make_error_code(std::errc::filename_too_long),
                            "cannot listen on the Unix socket \"" + std::string(path) +
                                "\": its path must have 1 to " + std::to_string(sizeof address.sun_path - 1) +
                                " bytes");
  }
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

// A socket file that refuses connections is what a killed server leaves.
bool remove_if_stale(const sockaddr_un& address) {
  struct stat status {};
  if (::lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const UniqueDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe) return false;
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return false;
  return errno == ECONNREFUSED && ::unlink(address.sun_path) == 0;
}

}  // namespace

ListenSockets open_listen_sockets(std::string_view host, std::uint16_t port, int backlog) {
  const bool is_everywhere = host.empty() || host == "::";
  const bool is_localhost = host == "localhost";
  std::vector<Address> addresses;
  if (is_everywhere) {
    addresses = {ipv6(in6addr_any)};
  } else if (is_localhost) {
    addresses = {ipv4(INADDR_LOOPBACK), ipv6(in6addr_loopback)};
  } else {
    addresses = resolve(std::string(host));
  }
  int error = 0;
  for (int attempt = 0; attempt < kPortTries; ++attempt) {
    ListenSockets opened;
    error = listen_on_all(addresses, port, backlog, is_localhost, opened);
    if (error == 0) return opened;
    if (is_everywhere && is_missing_family(error)) {
      addresses = {ipv4(INADDR_ANY)};
      continue;
    }
    if (port != 0 || error != EADDRINUSE) break;
  }
  throw_cannot_listen(host, port, error);
}

UniqueDescriptor open_unix_listen_socket(std::string_view path, int backlog) {
  const sockaddr_un address = unix_address(path);
  UniqueDescriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor) throw std::system_error(last_error(), "cannot create a Unix socket");
  const auto* raw = reinterpret_cast<const sockaddr*>(&address);
  const auto bind_it = [&] { return ::bind(descriptor.get(), raw, sizeof address) == 0; };
  const bool is_bound = bind_it() || (errno == EADDRINUSE && remove_if_stale(address) && bind_it());
  if (!is_bound || ::listen(descriptor.get(), backlog) != 0) {
    throw std::system_error(last_error(),
                            "cannot listen on the Unix socket \"" + std::string(path) +
                                "\"; is another server using it, or is it another kind of file?");
  }
  return descriptor;
}

}  // namespace naru::net
