// One port for everything: Socket.IO, bare WebSockets, HTTP routes.
//
//   naru::Server server;
//   server.ws("/echo", {.on_message = [](naru::WebSocket& ws, naru::Message m) { ws.send(m); }});
//   server.listen({.port = 9001});
//   server.run();
//
// Set up on one thread, then run(). Setup that cannot work throws std::system_error (or std::logic_error for
// a contradiction in the program) with a sentence that says what to do. No signal handler is installed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/asset.hpp"
#include "naru/channel.hpp"
#include "naru/engine.hpp"
#include "naru/feed.hpp"
#include "naru/function.hpp"
#include "naru/http.hpp"
#include "naru/namespace.hpp"
#include "naru/options.hpp"
#include "naru/websocket.hpp"

namespace naru {
namespace app {
class ServerCore;
}
inline namespace v0 {

class Server {
 public:
  explicit Server(ServerOptions options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops at once; wait for run() to return first if it runs on another thread

  // The Socket.IO server's main namespace. The first call makes it; options given later throw.
  Namespace& io();
  Namespace& io(IoOptions options);
  Engine& engine(EngineOptions options = {});
  // Bare WebSockets; patterns as below, their named parts are Handshake::param().
  WebSockets& ws(std::string_view pattern, WebSocketOptions options);
  // To all WebSockets that have subscribed to the topic (WebSocket::subscribe), on all loops; encoded once,
  // the same frame for all. From any thread; one thread's publications keep their order.
  void publish(std::string topic, Message message);
  void publish(std::string topic, std::string_view text) { publish(std::move(topic), Message{text, false}); }

  // Patterns: "/a/:name/*rest". The same method and pattern twice throws. GET serves HEAD as well.
  // A handler is a callable (Request, Response) that returns nothing or a Task<>.
  template <class Handler>
  void get(std::string_view pattern, Handler&& handler) {
    route("GET", pattern, {}, std::forward<Handler>(handler));
  }
  template <class Handler>
  void post(std::string_view pattern, Handler&& handler) {
    route("POST", pattern, {}, std::forward<Handler>(handler));
  }
  template <class Handler>
  void put(std::string_view pattern, Handler&& handler) {
    route("PUT", pattern, {}, std::forward<Handler>(handler));
  }
  template <class Handler>
  void del(std::string_view pattern, Handler&& handler) {
    route("DELETE", pattern, {}, std::forward<Handler>(handler));
  }
  // "*" as method: all that have no handler of their own there.
  template <class Handler>
  void route(std::string_view method, std::string_view pattern, RouteOptions options, Handler&& handler) {
    add_route(method, pattern, std::move(options), make_route_handler(std::forward<Handler>(handler)));
  }
  // Files that are part of the program; `prefix` "/" serves index.html for the folder itself.
  void assets(std::string_view prefix, std::span<const Asset> files);
  // With fields of their own, (name, value), instead of those of asset_header().
  void assets(std::string_view prefix, std::span<const Asset> files,
              std::vector<std::pair<std::string, std::string>> headers);
  // Fields for every other answer of assets() and directory(), such as a Content-Security-Policy.
  void asset_header(std::string name, std::string value);
  // Files of a folder, as they are at the time of the request; index.html for a folder itself.
  void directory(std::string_view prefix, std::filesystem::path folder);

  // How channels whose name begins with `prefix` keep their messages; the longest prefix decides. Durable
  // ones need data(). Before the first publish to such a channel. Throws std::logic_error when the same
  // prefix has other options already.
  void channels(std::string_view prefix, ChannelOptions options);
  // Where durable channels live (a folder; made when missing). Throws when it cannot be used.
  void data(const std::filesystem::path& folder);
  Channel channel(std::string name);
  // Channels under one pattern of addresses, by every transport; see feed.hpp.
  void feed(std::string_view pattern, FeedOptions options = {});

  // Ends every connection whose gate said allow.as(identity): Socket.IO, followers of feeds, bare WebSockets.
  // From any thread.
  void disconnect_identity(std::string identity);

  // Binds; throws when the address is taken or not ours. May be called several times.
  void listen(ListenOptions options);
  std::uint16_t port() const;  // of the first listen()

  // Serves until stop() is done. Loop 0 is the calling thread.
  void run();
  // From any thread, also a signal handler's: refuses new work, says goodbye in each protocol's words, cuts
  // what is left at the deadline. Never blocks; run() returns when it is done.
  void stop(std::chrono::milliseconds deadline = std::chrono::seconds(5));

  // Runs on loop 0, soon. From any thread. False: so much waits already (about a million calls) that this was
  // refused.
  bool defer(Function<void()> work);
  // Runs on loop 0 after this time. From any thread. `every` until the server stops.
  void after(std::chrono::milliseconds delay, Function<void()> work);
  void every(std::chrono::milliseconds interval, Function<void()> work);

  // Embedding, with one loop: poll() when poll_fd() is readable, instead of run().
  int poll_fd();
  void poll();

 private:
  void add_route(std::string_view method, std::string_view pattern, RouteOptions options,
                 RouteHandler handler);
  std::shared_ptr<app::ServerCore> core_;
};

}  // namespace v0
}  // namespace naru
