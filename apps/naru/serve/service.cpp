#include "naru/serve/service.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "chat/chat.hpp"
#include "lab/lab.hpp"
#include "naru/instrument.hpp"
#include "naru/log.hpp"
#include "naru/namespace.hpp"
#include "naru/serve/report.hpp"

namespace apps {
namespace {

std::chrono::milliseconds milliseconds(std::int64_t count) {
  return std::chrono::milliseconds(count);
}

naru::Durability durability_of(const std::string& name) {
  if (name == "power") return naru::Durability::power;
  return name == "process" ? naru::Durability::process : naru::Durability::memory;
}

naru::SlowFollower policy_of(const std::string& name) {
  if (name == "drop_oldest") return naru::SlowFollower::drop_oldest;
  if (name == "latest") return naru::SlowFollower::latest;
  return name == "disconnect" ? naru::SlowFollower::disconnect : naru::SlowFollower::resume;
}

std::optional<std::chrono::seconds> ttl_of(const ChannelGroup& group) {
  if (group.history_ttl == 0) return std::nullopt;
  return std::chrono::seconds(group.history_ttl);
}

naru::CorsOptions cors_of(const ServeSettings& settings) {
  return {.origin = settings.cors_origins, .credentials = settings.cors_credentials};
}

naru::FeedOptions feed_options_of(const ServeSettings& settings, const ChannelGroup& group) {
  naru::FeedOptions options;
  options.prefix = group.prefix;
  options.history = {.size = static_cast<std::size_t>(group.history_size),
                     .bytes = static_cast<std::size_t>(group.history_bytes),
                     .ttl = ttl_of(group)};
  options.durability = durability_of(group.durability);
  options.open_publish = group.publish == "open";
  options.slow = policy_of(group.slow);
  options.latest_per_second = group.latest_per_second;
  options.presence = {.enabled = group.presence, .grace = milliseconds(group.presence_grace)};
  options.cors = cors_of(settings);
  options.socketio = settings.socketio;
  options.max_message = static_cast<std::size_t>(group.max_message);
  options.max_publishes_per_second = static_cast<std::size_t>(group.max_publishes_per_second);
  return options;
}

bool is_durable(const ChannelGroup& group) {
  return group.durability != "memory";
}

bool needs_data(const ServeSettings& settings) {
  return is_durable(settings.channels) ||
         std::any_of(settings.groups.begin(), settings.groups.end(), is_durable);
}

}  // namespace

naru::ServerOptions server_options_of(const ServeSettings& settings) {
  naru::ServerOptions options;
  options.loops = static_cast<unsigned>(settings.loops);
  options.max_connections = static_cast<std::uint32_t>(settings.max_connections);
  options.max_connections_per_address = static_cast<std::uint32_t>(settings.max_connections_per_address);
  options.max_queued = static_cast<std::size_t>(settings.max_queued);
  options.trusted_proxies = settings.trust_proxy;
  return options;
}

naru::ListenOptions listen_options_of(const ServeSettings& settings) {
  return {.port = static_cast<std::uint16_t>(settings.port),
          .host = settings.host,
          .unix_path = settings.unix_path};
}

Service::Service(naru::Server& server, const ServeSettings& settings)
    : server_(server), settings_(settings), gate_(std::make_shared<Gate>(settings)) {
  if (settings_.socketio) serve_socketio();
  if (settings_.chat) {  // it opens the data folder itself
    chat::add_chat(server_,
                   {.data = settings_.data, .messages_per_second = static_cast<double>(settings_.chat_rate)});
  } else {
    if (needs_data(settings_)) server_.data(settings_.data);
    serve_front_page();
  }
  if (settings_.lab) lab::add_lab(server_);
  serve_channels();
}

void Service::reload() {
  for (const std::string& fault : gate_->reload())
    naru::log(naru::Level::error, "serve", "the former tokens stay: " + fault);
  naru::log(naru::Level::info, "serve", "token files were read again");
}

void Service::serve_socketio() {
  naru::IoOptions options;
  options.ping_interval = milliseconds(settings_.socketio_ping_interval);
  options.ping_timeout = milliseconds(settings_.socketio_ping_timeout);
  options.max_payload = static_cast<std::size_t>(settings_.socketio_max_payload);
  options.cors = cors_of(settings_);
  auto& io = server_.io(std::move(options));
  if (settings_.admin_user.empty()) return;
  naru::InstrumentOptions instrument;
  instrument.auth =
      naru::BasicAuth{.username = settings_.admin_user, .password = settings_.admin_password_hash};
  instrument.ui = true;
  io.instrument(std::move(instrument));
}

void Service::serve_channels() {
  serve_group(settings_.channels);
  for (const ChannelGroup& group : settings_.groups)
    serve_group(group);
}

// A group without an address of its own is served by that of all channels; it only keeps its messages
// otherwise.
void Service::serve_group(const ChannelGroup& group) {
  if (!group.prefix.empty() && group.path.empty()) {
    naru::ChannelOptions options;
    options.max_messages = static_cast<std::size_t>(group.history_size);
    options.max_bytes = static_cast<std::size_t>(group.history_bytes);
    options.max_age = ttl_of(group);
    options.durability = durability_of(group.durability);
    return server_.channels(group.prefix, options);
  }
  naru::FeedOptions options = feed_options_of(settings_, group);
  if (gate_->is_needed(group.path)) {
    options.open_publish = false;
    options.authorize = [gate = gate_](const naru::Access& access) { return gate->judge(access); };
  }
  // Names may have slashes: "orders/42".
  server_.feed((group.path.empty() ? "/channels" : group.path) + "/*channel", std::move(options));
}

void Service::serve_front_page() {
  server_.get("/", [text = what_is_served(settings_)](naru::Request, naru::Response response) {
    response.header("Content-Type", "text/plain; charset=utf-8");
    response.end("naru\n" + text);
  });
  server_.get("/healthz", [](naru::Request, naru::Response response) { response.end("ok"); });
}

}  // namespace apps
