// Connected socket pairs, and turning a loop until something is so.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "net/descriptor.hpp"
#include "net/loop.hpp"

namespace naru::net {

// Turns `loop` until `is_so()`; false when nothing more happens for two seconds (nobody sleeps: it waits on
// the loop's own descriptor).
template <class Condition>
bool turn_until(Loop& loop, Condition is_so) {
  for (int turn = 0; turn < 1'000'000; ++turn) {
    loop.poll();
    if (is_so()) return true;
    pollfd waiting{loop.poll_fd(), POLLIN, 0};
    if (::poll(&waiting, 1, 2000) == 0) return false;
  }
  return false;
}

// Turns that let everything settle that needs no outside event.
inline void turn_few(Loop& loop) {
  for (int turn = 0; turn < 8; ++turn)
    loop.poll();
}

using Pair = std::pair<UniqueDescriptor, UniqueDescriptor>;

inline void set_receive_limit(int descriptor) {
  const timeval limit{2, 0};  // a test that waits in vain fails instead of hanging
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

inline Pair unix_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
  set_receive_limit(ends[1]);
  return {UniqueDescriptor(ends[0]), UniqueDescriptor(ends[1])};
}

inline Pair tcp_pair() {
  const UniqueDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  UniqueDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::bind(listener.get(), raw, size) != 0 || ::listen(listener.get(), 1) != 0 ||
      ::getsockname(listener.get(), raw, &size) != 0 || ::connect(client.get(), raw, size) != 0)
    throw std::runtime_error("loopback");
  UniqueDescriptor served(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  set_receive_limit(client.get());
  return {std::move(served), std::move(client)};
}

inline void send_all(const UniqueDescriptor& descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// What is there now, without waiting.
inline std::string receive_now(const UniqueDescriptor& descriptor) {
  std::string all;
  char buffer[65536];
  for (;;) {
    const auto count = ::recv(descriptor.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (count <= 0) return all;
    all.append(buffer, static_cast<std::size_t>(count));
  }
}

// Exactly one receive, waiting; "" at the end, "error: …" else.
inline std::string receive_some(const UniqueDescriptor& descriptor) {
  char buffer[65536];
  const auto count = ::recv(descriptor.get(), buffer, sizeof buffer, 0);
  if (count < 0) return "error: " + last_error().message();
  return {buffer, static_cast<std::size_t>(count)};
}

// Closes so that the peer gets a reset instead of an end.
inline void reset_connection(UniqueDescriptor& descriptor) {
  const linger now{1, 0};
  ::setsockopt(descriptor.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  descriptor.reset();
}

}  // namespace naru::net
