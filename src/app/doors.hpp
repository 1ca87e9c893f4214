// Which door a request goes through, and what stands behind each: the application side of the port. Set up
// before the server runs, immutable afterwards, read by all loops.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "app/engine_core.hpp"
#include "app/feeds.hpp"
#include "app/handlers.hpp"
#include "app/io_core.hpp"
#include "app/namespace_core.hpp"
#include "app/running_tasks.hpp"
#include "app/topics.hpp"
#include "app/websocket_route.hpp"
#include "base/text_map.hpp"
#include "http/router.hpp"
#include "naru/asset.hpp"
#include "naru/http.hpp"
#include "naru/options.hpp"
#include "serve/application.hpp"

namespace naru::app {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

class Doors final : public serve::Application {
 public:
  // `options` must outlive the doors.
  Doors(std::shared_ptr<const hub::LoopGroup> loops, const ServerOptions& options)
      : loops_(std::move(loops)), options_(options), tasks_(loops_->size()), feeds_(loops_) {}

  // Setup; each throws std::system_error or std::logic_error with a sentence.
  IoCore& add_io(IoOptions options);
  Engine& add_engine(EngineOptions options);
  WebSockets& add_websocket(std::string_view pattern, WebSocketOptions options);
  std::uint32_t add_feed(std::string_view pattern, FeedOptions options);
  void add_route(std::string_view method, std::string_view pattern, RouteOptions options,
                 RouteHandler handler);
  // `headers` null: those of add_asset_header().
  void add_assets(std::string_view prefix, std::span<const Asset> files,
                  std::shared_ptr<const HeaderFields> headers = nullptr);
  void add_asset_header(std::string name, std::string value);
  IoCore* io() noexcept { return io_.get(); }
  // Of bare WebSockets.
  Topics& topics() noexcept { return *topics_; }
  Feeds& feeds() noexcept { return feeds_; }
  // What add_asset_header() has gathered, into the answer of a file.
  void add_asset_headers(http::ResponseHead& head) const;

  serve::Door route(const http::RequestHead& head) const override;
  const serve::EngineSettings& engine(std::uint32_t number) const override {
    return engines_[number]->settings;
  }
  std::unique_ptr<serve::EngineClient> open_engine(std::uint32_t number, serve::EngineSession& session,
                                                   serve::SharedHandshake handshake) override;
  const serve::WebSocketSettings& websocket(std::uint32_t number) const override {
    return websockets_[number]->settings();
  }
  const serve::FeedSettings& feed(std::uint32_t number) const override { return feeds_.settings(number); }
  const serve::RouteSettings& http_route(std::uint32_t number) const override {
    return routes_[number]->settings;
  }
  void request(std::uint32_t number, serve::RouteRequest request, serve::AnswerName answer) override;
  serve::FileAnswer file(const serve::Door& door, const http::RequestHead& head) const override;
  // Handlers of routes that run on that loop.
  RunningTasks& tasks(hub::LoopIndex loop) noexcept { return tasks_[loop]; }

 private:
  struct EngineDoor {
    EngineDoor(serve::EngineSettings door_settings, std::shared_ptr<EngineCore> engine)
        : settings(std::move(door_settings)), core(std::move(engine)), handle(core) {}
    serve::EngineSettings settings;
    std::shared_ptr<EngineCore> core;
    Engine handle;
  };
  struct File {
    Asset asset;
    std::string_view caching;                          // a literal
    std::optional<std::uint32_t> engine = {};          // a client script's: CORS as this engine has it
    std::shared_ptr<const HeaderFields> headers = {};  // null: asset_headers_
  };
  struct Route {
    serve::RouteSettings settings;
    RouteHandler handler;
  };

  std::uint32_t add_engine_door(serve::EngineSettings settings);
  void add_file(std::string path, const Asset& asset, std::string_view caching,
                std::optional<std::uint32_t> engine = {},
                std::shared_ptr<const HeaderFields> headers = nullptr);
  const std::uint32_t* find_file(std::string_view path) const;
  serve::Door route_to_handler(const http::RequestHead& head) const;

  const std::shared_ptr<const hub::LoopGroup> loops_;
  const ServerOptions& options_;
  std::vector<RunningTasks> tasks_;  // by loop; each is touched by its loop only
  std::unique_ptr<IoCore> io_;
  std::vector<std::unique_ptr<EngineDoor>> engines_;
  const serve::EngineSettings* io_engine_ = nullptr;  // Socket.IO's
  const std::shared_ptr<Topics> topics_ = std::make_shared<Topics>(loops_);
  std::vector<std::unique_ptr<WebSocketRoute>> websockets_;
  http::Router websocket_router_;
  Feeds feeds_;
  http::Router feed_router_;  // under GET, whatever the method
  std::vector<std::unique_ptr<Route>> routes_;
  http::Router router_;
  http::Router catch_all_;  // routes for every method
  std::vector<File> files_;
  base::TextMap<std::uint32_t> files_by_path_;
  HeaderFields asset_headers_;
};

}  // namespace naru::app
