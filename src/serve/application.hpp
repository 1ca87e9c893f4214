// What the port's user is asked and told: the only way up from `serve`. Implemented by the room `app`.
//
// Everything is called on the loop that has the request, and must not block it. References live during the
// call unless said otherwise.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_chain.hpp"
#include "engineio/options.hpp"
#include "engineio/packet.hpp"
#include "http/cookies.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "naru/options.hpp"
#include "serve/cors.hpp"
#include "serve/engine_hooks.hpp"
#include "serve/inbound_rate.hpp"
#include "ws/session.hpp"

namespace naru::serve {

class EngineSession;
struct FeedSettings;
struct WebSocketSettings;

// For a reader that max_queued was reached for: RFC 6455 7.4.1 gives 1008 as the code of one's policy where
// no other fits. 1013 says that the service is overloaded and asks to stay away (IANA's registry); here the
// client is slow, and may come back at once.
inline constexpr ws::CloseCode kSlowReaderCode = ws::CloseCode::policy_violation;

enum class DoorKind : std::uint8_t { none, engine, websocket, feed, route, file };

// Where a request goes. `number` counts the doors of its kind, in the order in which they were made.
struct Door {
  DoorKind kind = DoorKind::none;
  std::uint32_t number = 0;
  // Named parts of the path, decoded. Of a feed the channel's name, or nothing at the address of several.
  std::vector<std::pair<std::string, std::string>> params = {};
  std::string allow = {};  // kind none: the methods that this path has (405); empty: 404
};

struct PollCompression {
  bool is_on = false;
  std::size_t threshold = 0;
  int level = 1;
};

// How many sessions an engine has, and whether it takes more. All loops write it.
struct EngineState {
  std::atomic<std::uint32_t> sessions{0};
  std::atomic<bool> is_closed{false};
};

struct EngineSettings {
  std::string path;  // requests whose target begins with it are the engine's
  engineio::SessionOptions session{};
  ws::SessionOptions websocket{};
  CorsSettings cors{};
  std::optional<http::SetCookie> cookie{};  // without its value, the session's id
  PollCompression compression{};
  bool allow_polling = true;
  bool allow_websocket = true;
  InboundLimits inbound{};
  EngineHooks* hooks = nullptr;  // never null once it is a door
  std::shared_ptr<EngineState> state = std::make_shared<EngineState>();
};

struct RouteSettings {
  std::size_t max_body = 0;
  std::size_t max_queued = 0;  // of a streamed answer: a reader that leaves more lying is cut off
  std::filesystem::path upload_directory = {};
  bool check_origin = true;
  Origins origins{};
};

// Who speaks through an Engine.IO session. Owned by the session's holder, which outlives it.
class EngineClient {
 public:
  virtual ~EngineClient() = default;
  // The first event: it is attached, and may send and close.
  virtual void on_open() {}
  virtual void on_message(std::string_view data, bool binary) = 0;
  virtual void on_drain() = 0;
  // A WebSocket was probed, and has taken over.
  virtual void on_upgrading() {}
  virtual void on_upgrade() {}
  virtual void on_heartbeat() {}
  // Whether it wants to see every packet, in both directions: asked once, when it is attached.
  virtual bool observes_packets() const { return false; }
  virtual void on_packet(const engineio::PacketView&) {}
  virtual void on_packet_create(const engineio::Packet&) {}
  // The last event. The session may go on for a while to tell its peer; nothing can be sent any more.
  virtual void on_closed(std::string_view reason, std::string_view description) = 0;
  // The server stops: say goodbye in your own words; the session is closed after that.
  virtual void on_server_stop() = 0;
};

// Names one answer that is owed: may be stale, may be used from any thread through the loop it names.
struct AnswerName {
  std::uint8_t loop = 0;
  std::uint64_t number = 0;  // counts the requests of that loop
};

// A body that was written to a file as it came; whoever has it removes the file or keeps it.
struct StoredBody {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string head;  // the first bytes
};

// A whole request for a route: head, and the body in memory or in a file.
struct RouteRequest {
  http::RequestHead head;
  std::vector<std::pair<std::string, std::string>> params;
  std::string body;
  std::optional<StoredBody> upload;
  std::string address;
  bool secure = false;
};

struct FileAnswer {
  http::ResponseHead head;
  base::Slice body;
};

class Application {
 public:
  virtual ~Application() = default;

  virtual Door route(const http::RequestHead& head) const = 0;

  // Settings live as long as the application.
  virtual const EngineSettings& engine(std::uint32_t number) const = 0;
  virtual std::unique_ptr<EngineClient> open_engine(std::uint32_t number, EngineSession& session,
                                                    SharedHandshake handshake) = 0;

  virtual const WebSocketSettings& websocket(std::uint32_t number) const = 0;  // websocket_application.hpp

  // feed_application.hpp; a feed has every method of its addresses.
  virtual const FeedSettings& feed(std::uint32_t number) const = 0;

  virtual const RouteSettings& http_route(std::uint32_t number) const = 0;
  virtual void request(std::uint32_t route, RouteRequest request, AnswerName answer) = 0;
  virtual FileAnswer file(const Door& door, const http::RequestHead& head) const = 0;
};

}  // namespace naru::serve
