#include "net/listener.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "naru/log.hpp"
#include "net/sockets.hpp"
#include "net/tcp_stream.hpp"
#include "support/fake_clock.hpp"

namespace naru::net {
namespace {

UniqueDescriptor connect_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  UniqueDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) client.reset();
  set_receive_limit(client.get());
  return client;
}

TEST(Listener, AcceptsAndNamesThePeer) {
  Loop loop;
  const auto listener = Listener::open("localhost", 0);
  std::vector<UniqueDescriptor> accepted;
  std::string address;
  listener->start(loop, [&](UniqueDescriptor socket, const PeerAddress& peer) {
    accepted.push_back(std::move(socket));
    address = peer.text();
  });
  const UniqueDescriptor client = connect_to(listener->port());
  ASSERT_TRUE(client);
  EXPECT_TRUE(turn_until(loop, [&] { return accepted.size() == 1; }));
  EXPECT_EQ(address, "127.0.0.1");
  send_all(accepted[0], "hi");
  EXPECT_EQ(receive_some(client), "hi");
}

TEST(Listener, AStormIsTakenInBoundedBatches) {
  constexpr std::size_t kStorm = Listener::kAcceptsPerTurn + 10;
  Loop loop;
  const auto listener = Listener::open("127.0.0.1", 0);
  std::vector<UniqueDescriptor> clients;
  clients.reserve(kStorm);
  for (std::size_t i = 0; i < kStorm; ++i)
    clients.push_back(connect_to(listener->port()));
  std::vector<UniqueDescriptor> accepted;
  listener->start(
      loop, [&](UniqueDescriptor socket, const PeerAddress&) { accepted.push_back(std::move(socket)); });
  loop.poll();
  EXPECT_EQ(accepted.size(), static_cast<std::size_t>(Listener::kAcceptsPerTurn));
  loop.poll();
  EXPECT_EQ(accepted.size(), kStorm);
}

TEST(Listener, StoppedItAcceptsNothingAndStartsAgain) {
  Loop loop;
  const auto listener = Listener::open("127.0.0.1", 0);
  int accepted = 0;
  listener->start(loop, [&](UniqueDescriptor, const PeerAddress&) {
    ++accepted;
    listener->stop();  // from inside
  });
  const UniqueDescriptor first = connect_to(listener->port());
  const UniqueDescriptor second = connect_to(listener->port());
  turn_few(loop);
  EXPECT_EQ(accepted, 1);
  listener->start(loop, [&](UniqueDescriptor, const PeerAddress&) { ++accepted; });
  EXPECT_TRUE(turn_until(loop, [&] { return accepted == 2; }));
}

TEST(Listener, AcceptedDescriptorsMayServeOnAnotherLoop) {
  Loop accepting({.index = 0});
  Loop serving({.index = 1});
  struct Echo final : base::StreamEvents {
    std::unique_ptr<TcpStream> stream;
    Loop& loop;
    explicit Echo(Loop& on) : loop(on) {}
    std::size_t on_bytes(std::span<char> bytes) override {
      EXPECT_TRUE(loop.is_here());
      stream->write(std::string_view(bytes.data(), bytes.size()));
      return bytes.size();
    }
    void on_end() override { stream->shutdown(); }
    void on_closed(std::error_code) override {
      loop.dispose(std::move(stream));
      loop.stop();
    }
  } echo(serving);
  const auto listener = Listener::open("127.0.0.1", 0);
  listener->start(accepting, [&](UniqueDescriptor socket, const PeerAddress&) {
    (void)serving.post(
        [&echo, &serving, owned = std::move(socket)]() mutable {
          echo.stream = std::make_unique<TcpStream>(serving, std::move(owned));
          echo.stream->set_events(&echo);
        },
        0, PostKind::control);
  });
  std::thread accepts([&] { accepting.run(); });
  std::thread serves([&] { serving.run(); });
  const UniqueDescriptor client = connect_to(listener->port());
  send_all(client, "across");
  EXPECT_EQ(receive_some(client), "across");
  ::shutdown(client.get(), SHUT_WR);
  serves.join();
  accepting.stop();
  accepts.join();
}

TEST(Listener, UnixFileGoesWithTheListener) {
  const std::string path = testing::TempDir() + "naru-listener-" + std::to_string(::getpid());
  Loop loop;
  auto listener = Listener::open_unix(path);
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  EXPECT_EQ(listener->port(), 0);
  listener.reset();
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

// UBSan's check of object types opens a pipe, and takes failing to for a wrong type; other builds run this.
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define NARU_CHECKS_NEED_DESCRIPTORS
#endif
#endif

#ifndef NARU_CHECKS_NEED_DESCRIPTORS

// In a child process, because descriptors are the process's. Returns what went wrong, as an exit status.
int serve_without_descriptors() {
  static int log_lines = 0;
  set_log_sink([](Level, std::string_view, std::string_view) { ++log_lines; });
  test::FakeClock clock;
  Loop loop({.clock = &clock});
  const auto listener = Listener::open("127.0.0.1", 0);
  std::vector<UniqueDescriptor> accepted;
  listener->start(
      loop, [&](UniqueDescriptor socket, const PeerAddress&) { accepted.push_back(std::move(socket)); });
  std::vector<UniqueDescriptor> clients;
  clients.reserve(3);
  for (int i = 0; i < 3; ++i)
    clients.push_back(connect_to(listener->port()));
  // From here on no further descriptor can be had.
  const int next_free = ::dup(clients[0].get());
  ::close(next_free);
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = static_cast<rlim_t>(next_free);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 10;
  for (int turn = 0; turn < 50; ++turn)
    loop.poll();
  if (!accepted.empty()) return 11;
  if (log_lines != 1) return 12;
  const auto events_at_rest = loop.metrics().events.value();
  loop.poll();
  if (loop.metrics().events.value() != events_at_rest) return 13;  // a resting listener must not spin
  for (int rest = 0; rest < 5; ++rest) {
    clock.advance(Listener::kRest + TimerWheel::kResolution);
    loop.poll();
    loop.poll();
  }
  if (!accepted.empty()) return 14;
  if (log_lines != 1) return 15;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 16;
  clock.advance(Listener::kRest + TimerWheel::kResolution);
  for (int turn = 0; turn < 5; ++turn)
    loop.poll();
  return accepted.size() == 3 ? 0 : 17;
}

TEST(Listener, RestsWhenDescriptorsRunOutAndGoesOnByItself) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(serve_without_descriptors());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

#endif

}  // namespace
}  // namespace naru::net
