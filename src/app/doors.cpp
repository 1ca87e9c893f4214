#include "app/doors.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "app/client.hpp"
#include "app/client_files.hpp"
#include "app/context.hpp"
#include "app/engine_settings.hpp"
#include "app/feed_settings.hpp"
#include "app/http_records.hpp"
#include "app/user_code.hpp"
#include "http/static_files.hpp"

namespace naru::app {
namespace {

constexpr std::string_view kScriptCaching = "public, max-age=0";  // as the reference serves its script

std::string with_slashes(std::string path) {
  if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
  if (path.back() != '/') path += '/';
  return path;
}

// As the reference: the version in quotes.
std::string_view client_etag() {
  static const std::string etag = "\"" + std::string(client_version()) + "\"";
  return etag;
}

}  // namespace

// --- setup ---

std::uint32_t Doors::add_engine_door(serve::EngineSettings settings) {
  for (const auto& other : engines_) {
    const std::string& taken = other->settings.path;
    if (taken.starts_with(settings.path) || settings.path.starts_with(taken)) {
      throw std::logic_error("two Engine.IO servers share the path " + settings.path +
                             ": give one another path");
    }
  }
  auto core = std::make_shared<EngineCore>(loops_);
  settings.hooks = core.get();
  auto door = std::make_unique<EngineDoor>(std::move(settings), core);
  core->set_door(door->settings);
  engines_.push_back(std::move(door));
  return static_cast<std::uint32_t>(engines_.size() - 1);
}

IoCore& Doors::add_io(IoOptions options) {
  if (!options.parser)
    throw std::logic_error("IoOptions::parser: json_parser() is the default, null is none");
  serve::EngineSettings settings = settings_of(options, options_);
  const std::string folder = without_slash(options.path) + "/";
  const std::uint32_t engine = add_engine_door(std::move(settings));
  if (options.serve_client) {
    for (Asset file : client_files()) {
      file.content_type = file.path.ends_with(".map") ? "application/json; charset=utf-8"
                                                      : "application/javascript; charset=utf-8";
      file.etag = client_etag();
      add_file(folder + std::string(file.path), file, kScriptCaching, engine);
    }
  }
  io_engine_ = &engines_[engine]->settings;
  io_ = std::make_unique<IoCore>(std::move(options), loops_, engines_[engine]->handle);
  return *io_;
}

Engine& Doors::add_engine(EngineOptions options) {
  return engines_[add_engine_door(settings_of(options, options_))]->handle;
}

WebSockets& Doors::add_websocket(std::string_view pattern, WebSocketOptions options) {
  websocket_router_.add("GET", pattern, static_cast<std::uint32_t>(websockets_.size()));
  websockets_.push_back(std::make_unique<WebSocketRoute>(std::move(options), options_, topics_));
  return websockets_.back()->handle();
}

std::uint32_t Doors::add_feed(std::string_view pattern, FeedOptions options) {
  const bool is_one_channel = !options.channel.empty();
  if (is_one_channel && has_named_part(pattern)) {
    throw std::logic_error("Server::feed: the pattern \"" + std::string(pattern) +
                           "\" names channels, and FeedOptions::channel says which one it is");
  }
  const std::string_view base = is_one_channel ? std::string_view() : base_of_pattern(pattern);
  const std::uint32_t number = feeds_.add(std::move(options));
  feed_router_.add("GET", pattern, number);
  if (!base.empty()) feed_router_.add("GET", base, number);
  return number;
}

void Doors::add_route(std::string_view method, std::string_view pattern, RouteOptions options,
                      RouteHandler handler) {
  const auto number = static_cast<std::uint32_t>(routes_.size());
  if (method == "*") {
    catch_all_.add("GET", pattern, number);
  } else {
    router_.add(method, pattern, number);
  }
  auto route = std::make_unique<Route>();
  route->settings = {.max_body = options.max_body,
                     .max_queued = options_.max_queued,
                     .upload_directory = std::move(options.upload_directory),
                     .check_origin = options.check_origin,
                     .origins = {.list = auth::OriginList(std::move(options.allowed_origins))}};
  route->handler = std::move(handler);
  routes_.push_back(std::move(route));
}

void Doors::add_file(std::string path, const Asset& asset, std::string_view caching,
                     std::optional<std::uint32_t> engine, std::shared_ptr<const HeaderFields> headers) {
  const auto number = static_cast<std::uint32_t>(files_.size());
  if (!files_by_path_.emplace(std::move(path), number).second) {
    throw std::logic_error("two files are to be served at the same path");
  }
  files_.push_back({asset, caching, engine, std::move(headers)});
}

void Doors::add_assets(std::string_view prefix, std::span<const Asset> files,
                       std::shared_ptr<const HeaderFields> headers) {
  const std::string folder = with_slashes(std::string(prefix));
  for (const Asset& file : files) {
    add_file(folder + std::string(file.path), file, "no-cache", std::nullopt, headers);
    if (file.path == "index.html") add_file(folder, file, "no-cache", std::nullopt, headers);
  }
}

void Doors::add_asset_header(std::string name, std::string value) {
  asset_headers_.emplace_back(std::move(name), std::move(value));
}

void Doors::add_asset_headers(http::ResponseHead& head) const {
  for (const auto& [name, value] : asset_headers_)
    head.add(name, value);
}

// --- traffic ---

serve::Door Doors::route(const http::RequestHead& head) const {
  const std::string_view path = head.path();
  if (const std::uint32_t* file = find_file(path)) {
    if (head.method() == "GET" || head.method() == "HEAD")
      return {.kind = serve::DoorKind::file, .number = *file};
  }
  for (std::uint32_t number = 0; number < engines_.size(); ++number) {
    if (path.starts_with(engines_[number]->settings.path))
      return {.kind = serve::DoorKind::engine, .number = number};
  }
  if (!websockets_.empty() && head.wants_upgrade("websocket")) {
    http::RouteMatch match = websocket_router_.match("GET", path);
    if (match.number) {
      return {.kind = serve::DoorKind::websocket, .number = *match.number, .params = std::move(match.params)};
    }
  }
  if (feeds_.size() != 0) {
    http::RouteMatch match = feed_router_.match("GET", path);
    if (match.number) {
      const std::string& only = feeds_.options(*match.number).channel;
      if (!only.empty()) match.params = {{"channel", only}};
      return {.kind = serve::DoorKind::feed, .number = *match.number, .params = std::move(match.params)};
    }
  }
  return route_to_handler(head);
}

serve::Door Doors::route_to_handler(const http::RequestHead& head) const {
  http::RouteMatch match = router_.match(head.method(), head.path());
  if (match.number)
    return {.kind = serve::DoorKind::route, .number = *match.number, .params = std::move(match.params)};
  http::RouteMatch any = catch_all_.match("GET", head.path());
  if (any.number)
    return {.kind = serve::DoorKind::route, .number = *any.number, .params = std::move(any.params)};
  if (match.allow.empty() && find_file(head.path()) != nullptr) match.allow = "GET, HEAD";
  // Only WebSockets are here: that door says 426.
  if (match.allow.empty()) {
    const http::RouteMatch websocket = websocket_router_.match("GET", head.path());
    if (websocket.number) return {.kind = serve::DoorKind::websocket, .number = *websocket.number};
  }
  return {.allow = std::move(match.allow)};
}

const std::uint32_t* Doors::find_file(std::string_view path) const {
  auto found = files_by_path_.find(path);
  return found == files_by_path_.end() ? nullptr : &found->second;
}

serve::FileAnswer Doors::file(const serve::Door& door, const http::RequestHead& head) const {
  const File& file = files_[door.number];
  http::StaticAnswer answer = http::answer_asset(
      file.asset, head, {.has_one_tag = file.engine.has_value(), .cache_control = file.caching});
  if (file.engine) {
    serve::add_cors(answer.head.fields, engines_[*file.engine]->settings.cors,
                    head.find("origin").value_or(""));
  } else if (file.headers) {
    for (const auto& [name, value] : *file.headers)
      answer.head.add(name, value);
  } else {
    add_asset_headers(answer.head);
  }
  return {std::move(answer.head), std::move(answer.body)};
}

std::unique_ptr<serve::EngineClient> Doors::open_engine(std::uint32_t number, serve::EngineSession& session,
                                                        serve::SharedHandshake handshake) {
  EngineCore& core = *engines_[number]->core;
  if (&engines_[number]->settings != io_engine_) {
    return core.open(EngineRecord::of(session, handshake, loops_), nullptr);
  }
  auto client = std::make_unique<Client>(session, *io_, std::move(handshake));
  if (!core.handlers().observe_sessions()) return client;
  const std::shared_ptr<EngineRecord> record = client->engine_record();
  return core.open(record, std::move(client));
}

void Doors::request(std::uint32_t number, serve::RouteRequest request, serve::AnswerName answer) {
  const Route& route = *routes_[number];
  const std::string who = "the handler of " + std::string(request.head.path());
  Request in(std::make_unique<RequestRecord>(std::move(request)));
  Response out(std::make_unique<ResponseRecord>(loops_, answer));
  // When it throws, the Response is dropped on the way out: 500.
  guard_user_code("http", who, [&] {
    if (route.handler.plain) return route.handler.plain(std::move(in), std::move(out));
    auto on_done = [who](std::exception_ptr failure) {
      if (failure) guard_user_code("http", who, [&] { std::rethrow_exception(failure); });
    };
    tasks(hub::LoopGroup::current_loop())
        .start(route.handler.task(std::move(in), std::move(out)), thread_context().executor,
               std::move(on_done));
  });
}

}  // namespace naru::app
