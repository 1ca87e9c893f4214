// What administrators are told, in the words of the official page.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "admin/traffic.hpp"
#include "naru/args.hpp"
#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/handshake.hpp"
#include "naru/value.hpp"

namespace naru::admin {

// As JSON.stringify writes a Date: "2026-11-21T08:09:38.503Z".
struct Moment {
  std::chrono::system_clock::time_point time;
  static Moment now() { return {std::chrono::system_clock::now()}; }
};

// server_stats
struct NamespaceSize {
  std::string name;
  std::size_t sockets = 0;
};
struct ServerStats {
  std::string server_id;
  std::string hostname;
  std::int64_t pid = 0;
  double uptime = 0;  // seconds
  std::size_t clients = 0;
  std::size_t polling_clients = 0;
  std::vector<TrafficCount> counts = {};
  std::vector<NamespaceSize> namespaces = {};
};

// config
struct Config {
  std::vector<std::string_view> features;
};

// all_sockets, socket_connected
struct SocketView {
  std::string id;
  std::string client_id;
  std::string transport;
  std::string nsp;
  Value data;
  Handshake handshake;
  std::vector<std::string> rooms;
};

// socket_updated
struct SocketTransport {
  std::string_view id;
  std::string_view nsp;
  std::string_view transport;
};
struct SocketData {
  std::string_view id;
  std::string_view nsp;
  const Value& data;
};

// The name and the arguments of an event as one array.
struct EventArguments {
  std::string_view name;
  const ArgsView& args;
};

}  // namespace naru::admin

namespace naru {
template <>
struct Codec<admin::Moment> {
  static void encode(ArgumentWriter& out, const admin::Moment& moment);
};
template <>
struct Codec<admin::NamespaceSize> {
  static void encode(ArgumentWriter& out, const admin::NamespaceSize& size);
};
template <>
struct Codec<admin::ServerStats> {
  static void encode(ArgumentWriter& out, const admin::ServerStats& stats);
};
template <>
struct Codec<admin::Config> {
  static void encode(ArgumentWriter& out, const admin::Config& config);
};
template <>
struct Codec<admin::SocketView> {
  static void encode(ArgumentWriter& out, const admin::SocketView& socket);
};
template <>
struct Codec<admin::SocketTransport> {
  static void encode(ArgumentWriter& out, const admin::SocketTransport& update);
};
template <>
struct Codec<admin::SocketData> {
  static void encode(ArgumentWriter& out, const admin::SocketData& update);
};
template <>
struct Codec<admin::EventArguments> {
  static void encode(ArgumentWriter& out, const admin::EventArguments& event);
};
}  // namespace naru
