// What `naru serve` was asked to serve. The defaults here are the defaults everywhere; schema.cpp says of
// each member what it means and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace apps {

// Channels whose names begin alike, or all of them. `follow` and `publish`: "open", "token", "none", or empty
// where nobody said it.
struct ChannelGroup {
  std::string prefix = {};
  std::string path = {};  // an address of its own; empty: that of all channels
  std::string follow = {};
  std::string publish = {};
  std::vector<std::string> follow_tokens = {};
  std::vector<std::string> publish_tokens = {};
  std::string follow_tokens_file = {};
  std::string publish_tokens_file = {};

  std::int64_t history_size = 1000;
  std::int64_t history_bytes = std::int64_t{1} << 20;
  std::int64_t history_ttl = 0;  // seconds
  std::string durability = "memory";

  // Of an address, so only for groups that have one.
  std::string slow = "resume";
  double latest_per_second = 10;
  bool presence = false;
  std::int64_t presence_grace = 20'000;  // milliseconds
  std::int64_t max_publishes_per_second = 0;
  std::int64_t max_message = 1'000'000;
};

struct ServeSettings {
  std::string host = "localhost";
  std::int64_t port = 8005;
  std::string unix_path = {};
  std::int64_t loops = 0;
  std::string data = "naru-data";
  std::vector<std::string> trust_proxy = {};
  bool public_and_open = false;
  std::string log_level = "info";
  std::string log_format = "text";
  std::int64_t stop_within = 5'000;  // milliseconds

  std::int64_t max_connections = 1'000'000;
  std::int64_t max_connections_per_address = 1000;
  std::int64_t max_queued = std::int64_t{8} << 20;

  std::vector<std::string> cors_origins = {};
  bool cors_credentials = false;

  bool socketio = true;
  std::int64_t socketio_ping_interval = 25'000;  // milliseconds
  std::int64_t socketio_ping_timeout = 20'000;
  std::int64_t socketio_max_payload = 1'000'000;
  std::string admin_user = {};
  std::string admin_password_hash = {};

  bool chat = false;
  std::int64_t chat_rate = 10;
  bool lab = false;

  ChannelGroup channels = {};             // all that no group below names
  std::vector<ChannelGroup> groups = {};  // each with a prefix

  // Reachable by nobody but this machine? Not where a proxy brings the others: trust_proxy, a Unix socket.
  bool is_local() const;
};

}  // namespace apps
