// Listening sockets of one address, and the connections that they accept.
//
//   auto listener = Listener::open("localhost", 8005);          // throws with a sentence that says what to
//   do listener->start(loop, [&](UniqueDescriptor socket, const PeerAddress& peer) { … });
//
// Accepting registers nothing on the loop: the descriptor may be posted to another one. When descriptors run
// out it logs once, stops accepting for a moment (connections wait in the kernel's queue) and goes on by
// itself. Thread: open anywhere, then the loop's. The listener goes before its loop does.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "naru/function.hpp"
#include "net/descriptor.hpp"
#include "net/loop.hpp"
#include "net/peer_address.hpp"

namespace naru::net {

class Listener {
 public:
  using OnAccept = Function<void(UniqueDescriptor, const PeerAddress&)>;
  // The kernel's queue of finished handshakes; it is cut to net.core.somaxconn.
  static constexpr int kBacklog = 4096;
  // Connections taken from one socket in one turn: a storm of them does not hold the others.
  static constexpr int kAcceptsPerTurn = 64;
  // How long accepting rests when descriptors or memory ran out.
  static constexpr std::chrono::milliseconds kRest{100};
  static constexpr std::chrono::seconds kLogAgainAfter{10};

  // `host`: an address, a name, "localhost" (both loopbacks under one port), "::" or "" (IPv4 and IPv6). Port
  // 0: a free one. Throws std::system_error.
  static std::unique_ptr<Listener> open(std::string_view host, std::uint16_t port, int backlog = kBacklog);
  // A Unix socket; a stale socket file, on which nobody listens, is replaced. The file goes with the
  // listener.
  static std::unique_ptr<Listener> open_unix(std::string_view path, int backlog = kBacklog);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Accepts from now on. `on_accept` may call stop(), but not start().
  void start(Loop& loop, OnAccept on_accept);
  // Stops accepting; new connections wait in the kernel's queue until start() or until the listener goes.
  void stop();

  // 0 for Unix sockets.
  std::uint16_t port() const noexcept { return port_; }
  std::size_t socket_count() const noexcept { return sockets_.size(); }

 private:
  class Socket;
  Listener() = default;
  void add(UniqueDescriptor descriptor);
  void watch_all();
  void unwatch_all();
  void rest(int error);
  void go_on();

  std::vector<std::unique_ptr<Socket>> sockets_;
  std::uint16_t port_ = 0;
  std::string path_;
  Loop* loop_ = nullptr;
  OnAccept on_accept_;
  MemberTimer<Listener, &Listener::go_on> rest_timer_{*this};
  base::TimePoint logged_at_{};
  bool has_logged_ = false;
  bool is_accepting_ = false;
};

}  // namespace naru::net
