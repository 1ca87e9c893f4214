#include "naru/server.hpp"

#include <stdexcept>
#include <utility>

#include "app/channel_words.hpp"
#include "app/directory_route.hpp"
#include "app/server_core.hpp"

namespace naru {
inline namespace v0 {

Server::Server(ServerOptions options) : core_(std::make_shared<app::ServerCore>(std::move(options))) {}
Server::~Server() = default;

Namespace& Server::io() {
  if (app::IoCore* io = core_->running_doors().io()) return io->of("/");
  return io(IoOptions{});
}

Namespace& Server::io(IoOptions options) {
  if (core_->running_doors().io() != nullptr) {
    throw std::logic_error("Server::io: the first call makes the Socket.IO server, give the options there");
  }
  app::IoCore& io = core_->doors().add_io(std::move(options));
  io.set_server(*this);
  return io.of("/");
}

Engine& Server::engine(EngineOptions options) {
  return core_->doors().add_engine(std::move(options));
}
WebSockets& Server::ws(std::string_view pattern, WebSocketOptions options) {
  return core_->doors().add_websocket(pattern, std::move(options));
}
void Server::publish(std::string topic, Message message) {
  core_->running_doors().topics().publish(std::move(topic), message);
}
void Server::add_route(std::string_view method, std::string_view pattern, RouteOptions options,
                       RouteHandler handler) {
  core_->doors().add_route(method, pattern, std::move(options), std::move(handler));
}
void Server::assets(std::string_view prefix, std::span<const Asset> files) {
  core_->doors().add_assets(prefix, files);
}
void Server::assets(std::string_view prefix, std::span<const Asset> files,
                    std::vector<std::pair<std::string, std::string>> headers) {
  core_->doors().add_assets(prefix, files, std::make_shared<const app::HeaderFields>(std::move(headers)));
}
void Server::asset_header(std::string name, std::string value) {
  core_->doors().add_asset_header(std::move(name), std::move(value));
}
void Server::directory(std::string_view prefix, std::filesystem::path folder) {
  app::add_directory(core_->doors(), prefix, std::move(folder));
}

void Server::channels(std::string_view prefix, ChannelOptions options) {
  core_->channels()->set_options(std::string(prefix), app::to_log_options(options));
}
void Server::data(const std::filesystem::path& folder) {
  core_->channels()->open_store(folder);
}
Channel Server::channel(std::string name) {
  return Channel(core_->channels(), std::move(name), core_->presences());
}

void Server::feed(std::string_view pattern, FeedOptions options) {
  core_->feed(pattern, std::move(options));
}
void Server::disconnect_identity(std::string identity) {
  core_->disconnect_identity(identity);
}

void Server::listen(ListenOptions options) {
  core_->listen(options);
}
std::uint16_t Server::port() const {
  return core_->port();
}
void Server::run() {
  core_->run();
}
void Server::stop(std::chrono::milliseconds deadline) {
  core_->stop(deadline);
}
bool Server::defer(Function<void()> work) {
  return core_->defer(std::move(work));
}
void Server::after(std::chrono::milliseconds delay, Function<void()> work) {
  core_->after(delay, std::move(work));
}
void Server::every(std::chrono::milliseconds interval, Function<void()> work) {
  core_->every(interval, std::move(work));
}
int Server::poll_fd() {
  return core_->poll_fd();
}
void Server::poll() {
  core_->poll();
}

}  // namespace v0
}  // namespace naru
