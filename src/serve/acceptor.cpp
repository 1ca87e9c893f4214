#include "serve/acceptor.hpp"

#include <utility>

#include "naru/log.hpp"

namespace naru::serve {

void Acceptor::add(std::unique_ptr<net::Listener> listener) {
  listener->start(loop_, [this](net::UniqueDescriptor descriptor, const net::PeerAddress& peer) {
    accept(std::move(descriptor), peer);
  });
  listeners_.push_back(std::move(listener));
}

void Acceptor::stop() {
  listeners_.clear();
}

void Acceptor::accept(net::UniqueDescriptor descriptor, const net::PeerAddress& peer) {
  std::string address = peer.text();
  if (auto refused = shared_.census.enter(address)) {
    // Once a second at most: a flood of connections must not become a flood of lines.
    if (loop_.now() - refusal_logged_at_ < std::chrono::seconds(1)) return;
    refusal_logged_at_ = loop_.now();
    return log(Level::warning, "net",
               "a connection of " + address + " was refused: " + std::string(*refused));
  }
  const auto home = static_cast<hub::LoopIndex>(next_loop_++ % shared_.loops->size());
  if (shared_.loops->is_here(home))
    return LoopServer::here()->adopt(std::move(descriptor), std::move(address));
  auto arrival = [descriptor = std::move(descriptor), address = std::move(address)]() mutable {
    LoopServer::here()->adopt(std::move(descriptor), std::move(address));
  };
  shared_.loops->post(home, std::move(arrival), 0, net::PostKind::control);
}

}  // namespace naru::serve
