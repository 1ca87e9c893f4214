// The topics of a server's bare WebSockets: who has subscribed, on all loops; each publication is one frame
// that all of them share.
//
//   topics->publish("news", message);                          // any thread, also when the server has gone
//   topics->rooms().join(subscriber, {"news"});                // on the subscriber's loop
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapter/local.hpp"
#include "hub/loop_group.hpp"
#include "naru/websocket.hpp"
#include "serve/bare_websocket.hpp"

namespace naru::app {

base::Frame frame_of(const Message& message);

// A WebSocket that has subscribed to something.
class Subscriber final : public adapter::Member {
 public:
  Subscriber(hub::LoopIndex home, std::string id, serve::BareWebSocket& websocket)
      : adapter::Member(home), id_(std::move(id)), websocket_(websocket) {}

  void deliver(const hub::SharedParcel& parcel) override {
    websocket_.send(parcel->head.frame, parcel->compress);
  }
  const std::string& id() const override { return id_; }
  // Nobody selects WebSockets for these.
  void disconnect(bool) override {}
  void abandon() override {}

 private:
  const std::string id_;
  serve::BareWebSocket& websocket_;  // goes after it has left all topics
};

class Topics {
 public:
  explicit Topics(std::shared_ptr<const hub::LoopGroup> loops);

  const std::shared_ptr<const hub::LoopGroup>& loops() const noexcept { return loops_; }
  adapter::Adapter& rooms() noexcept { return *rooms_; }

  // Ids begin with a NUL, names of topics do not: so nobody can publish to one connection by its id.
  static bool is_topic(std::string_view name) noexcept;
  static std::string id_of(std::uint64_t number);
  std::uint64_t next_number() noexcept { return last_number_.fetch_add(1, std::memory_order_relaxed) + 1; }

  // `except`: the number of who published, 0: nobody's. Any thread.
  void publish(std::string topic, const Message& message, std::uint64_t except = 0);

 private:
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const std::shared_ptr<adapter::Local> rooms_;
  std::atomic<std::uint64_t> last_number_{0};
};

}  // namespace naru::app
