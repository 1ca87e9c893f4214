// What stands behind naru::Server: loops and their threads, doors, channels, and the stop.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/agenda.hpp"
#include "app/channel_sockets.hpp"
#include "app/doors.hpp"
#include "app/feed_presences.hpp"
#include "hub/channels.hpp"
#include "hub/loop_group.hpp"
#include "naru/options.hpp"
#include "net/descriptor.hpp"
#include "net/loop.hpp"
#include "net/watcher.hpp"
#include "net/worker_pool.hpp"
#include "serve/acceptor.hpp"
#include "serve/loop_server.hpp"

namespace naru::app {

class ServerCore final : private net::Watcher {
 public:
  explicit ServerCore(ServerOptions options);
  ~ServerCore();
  ServerCore(const ServerCore&) = delete;
  ServerCore& operator=(const ServerCore&) = delete;

  Doors& doors();  // throws std::logic_error once the server runs
  Doors& running_doors() noexcept { return doors_; }
  const std::shared_ptr<hub::Channels>& channels() noexcept { return channels_; }
  const std::shared_ptr<FeedPresences>& presences() noexcept { return presences_; }
  net::WorkerPool& workers() noexcept { return *workers_; }

  void listen(const ListenOptions& options);
  std::uint16_t port() const noexcept { return port_; }
  void run();
  void stop(std::chrono::milliseconds deadline) noexcept;  // any thread, also a signal handler
  int poll_fd();
  void poll();

  // See Server.
  void feed(std::string_view pattern, FeedOptions options);
  void disconnect_identity(const std::string& identity);

  bool defer(Function<void()> work);
  void after(std::chrono::milliseconds delay, Function<void()> work);
  void every(std::chrono::milliseconds interval, Function<void()> work);

 private:
  // A loop with everything of the server that lives on it.
  struct Lane {
    explicit Lane(unsigned index) : loop({.index = index}) {}
    net::Loop loop;
    std::unique_ptr<serve::LoopServer> server;
    std::shared_ptr<Executor> executor;
    std::thread thread;
  };

  static std::vector<std::unique_ptr<Lane>> make_lanes(unsigned count);
  static std::shared_ptr<hub::LoopGroup> make_group(const std::vector<std::unique_ptr<Lane>>& lanes);
  void enter(Lane& lane);
  void leave(Lane& lane);
  void run_lane(Lane& lane);
  void wind_down(Lane& lane);
  void begin();
  void begin_feeds();
  void on_events(std::uint32_t events) override;  // the stop was asked for
  void begin_stop();
  void lane_is_empty();
  void cut_what_is_left();
  void finish();
  void schedule(std::chrono::milliseconds delay, base::Duration interval, Function<void()> work);

  const ServerOptions options_;
  const std::shared_ptr<net::WorkerPool> workers_;  // channels keep it
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::shared_ptr<hub::LoopGroup> loops_;
  std::shared_ptr<hub::Channels> channels_;
  std::shared_ptr<FeedPresences> presences_ = std::make_shared<FeedPresences>(channels_);
  std::unique_ptr<ChannelSockets> channel_sockets_;  // null: no feed, or no Socket.IO; handlers name it
  Doors doors_;
  serve::Shared shared_;
  serve::Acceptor acceptor_;
  std::uint16_t port_ = 0;
  bool is_running_ = false;

  net::UniqueDescriptor stop_event_;
  std::atomic<std::int64_t> stop_deadline_{-1};  // milliseconds; -1: nobody has asked
  bool is_stopping_ = false;
  bool is_finished_ = false;
  std::size_t lanes_left_ = 0;
  std::unique_ptr<net::FunctionTimer> cut_timer_;
  Agenda agenda_;  // of after() and every(); loop 0
};

}  // namespace naru::app
