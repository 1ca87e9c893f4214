#include "net/listener.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <string>
#include <utility>

#include "naru/log.hpp"
#include "net/listen_socket.hpp"
#include "net/watcher.hpp"

namespace naru::net {

namespace {

bool is_out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

// One listening descriptor. Level-triggered: what a turn leaves is reported again by itself.
class Listener::Socket final : public Watcher {
 public:
  Socket(Listener& listener, UniqueDescriptor descriptor) noexcept
      : listener_(listener), descriptor_(std::move(descriptor)) {}
  virtual ~Socket() = default;
  int descriptor() const noexcept { return descriptor_.get(); }

 private:
  void on_events(std::uint32_t) override {
    for (int count = 0; count < kAcceptsPerTurn && listener_.is_accepting_; ++count) {
      if (!accept_one()) return;
    }
  }

  bool accept_one() {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    UniqueDescriptor accepted(::accept4(descriptor_.get(), reinterpret_cast<sockaddr*>(&address), &size,
                                        SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!accepted) return goes_on_after(errno);
    listener_.on_accept_(std::move(accepted), PeerAddress::from(reinterpret_cast<sockaddr*>(&address), size));
    return true;
  }

  // accept(2): errors of the new connection come from here as well, and concern only that one.
  bool goes_on_after(int error) {
    if (error == EAGAIN) return false;
    if (is_out_of_resources(error)) {
      listener_.rest(error);
      return false;
    }
    return true;
  }

  Listener& listener_;
  UniqueDescriptor descriptor_;
};

std::unique_ptr<Listener> Listener::open(std::string_view host, std::uint16_t port, int backlog) {
  std::unique_ptr<Listener> listener(new Listener);
  ListenSockets opened = open_listen_sockets(host, port, backlog);
  listener->port_ = opened.port;
  for (UniqueDescriptor& descriptor : opened.descriptors)
    listener->add(std::move(descriptor));
  return listener;
}

std::unique_ptr<Listener> Listener::open_unix(std::string_view path, int backlog) {
  std::unique_ptr<Listener> listener(new Listener);
  listener->add(open_unix_listen_socket(path, backlog));
  listener->path_ = path;
  return listener;
}

Listener::~Listener() {
  stop();
  if (!path_.empty()) ::unlink(path_.c_str());
}

void Listener::add(UniqueDescriptor descriptor) {
  sockets_.push_back(std::make_unique<Socket>(*this, std::move(descriptor)));
}

void Listener::start(Loop& loop, OnAccept on_accept) {
  assert(loop_ == nullptr && "stop() first");
  loop.assert_here();
  loop_ = &loop;
  on_accept_ = std::move(on_accept);
  is_accepting_ = true;
  watch_all();
}

void Listener::stop() {
  if (loop_ == nullptr) return;
  TimerWheel::cancel(rest_timer_);
  if (is_accepting_) unwatch_all();
  is_accepting_ = false;
  loop_ = nullptr;
}

void Listener::watch_all() {
  for (const auto& socket : sockets_) {
    if (const std::error_code error = loop_->watch(socket->descriptor(), EPOLLIN, *socket))
      return rest(error.value());
  }
}

void Listener::unwatch_all() {
  for (const auto& socket : sockets_)
    loop_->unwatch(socket->descriptor(), *socket);
}

void Listener::rest(int error) {
  unwatch_all();
  is_accepting_ = false;
  loop_->timers().schedule(rest_timer_, loop_->now() + kRest);
  if (has_logged_ && loop_->now() - logged_at_ < kLogAgainAfter) return;
  has_logged_ = true;
  logged_at_ = loop_->now();
  log(Level::error, "listener",
      "cannot accept connections for now: " + std::error_code(error, std::generic_category()).message() +
          "; they wait in the kernel's queue (raise ulimit -n?)");
}

void Listener::go_on() {
  is_accepting_ = true;
  watch_all();
}

}  // namespace naru::net
