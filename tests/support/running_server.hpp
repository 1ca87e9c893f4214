// A server on its own thread and a free loopback port, for one test.
//
//   RunningServer running({.loops = 2});
//   running->get("/", answer);
//   const auto serving = running.start();
//   RawClient client(running.port());
//
// Handlers run until what start() returned goes: what they refer to is declared before that.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

#include "naru/log.hpp"
#include "naru/server.hpp"

namespace naru::test {

class RunningServer {
 public:
  explicit RunningServer(ServerOptions options = {}) : server_(std::make_unique<Server>(std::move(options))) {
    set_log_level(Level::off);
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer() { stop(std::chrono::milliseconds(0)); }

  Server* operator->() { return server_.get(); }
  Server& operator*() { return *server_; }

  // Stops the server at the end of its scope.
  class Serving {
   public:
    explicit Serving(RunningServer& server) : server_(server) {}
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;
    ~Serving() { server_.stop(std::chrono::milliseconds(0)); }

   private:
    RunningServer& server_;
  };

  [[nodiscard]] Serving start() {
    server_->listen({.host = "127.0.0.1"});
    port_ = server_->port();
    thread_ = std::thread([this] { server_->run(); });
    return Serving(*this);
  }
  std::uint16_t port() const { return port_; }

  // run() has returned afterwards.
  void stop(std::chrono::milliseconds deadline = std::chrono::seconds(10)) {
    if (server_ && thread_.joinable()) server_->stop(deadline);
    join();
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  // The server is gone afterwards; only its handles are left.
  void destroy() {
    stop(std::chrono::milliseconds(0));
    server_.reset();
  }

 private:
  std::unique_ptr<Server> server_;
  std::thread thread_;
  std::uint16_t port_ = 0;
};

}  // namespace naru::test
