// Listening sockets, on loop 0, and which loop serves what they accept: each in turn.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/listener.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {

class Acceptor {
 public:
  Acceptor(net::Loop& loop, Shared& shared) : loop_(loop), shared_(shared) {}

  // Before or while the loop runs; its thread.
  void add(std::unique_ptr<net::Listener> listener);
  // New connections are refused by the kernel from now on.
  void stop();

 private:
  void accept(net::UniqueDescriptor descriptor, const net::PeerAddress& peer);

  net::Loop& loop_;
  Shared& shared_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::size_t next_loop_ = 0;
  base::TimePoint refusal_logged_at_{};
};

}  // namespace naru::serve
