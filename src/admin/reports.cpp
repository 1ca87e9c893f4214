#include "admin/reports.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace naru::admin {
namespace {

using WallClock = std::chrono::system_clock;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data())
                                                          : std::string("localhost");
}

}  // namespace

Reports::Reports(Namespace& space, Engine& engine, const std::string& server_id)
    : space_(space),
      engine_(engine),
      hostname_(host_name()),
      server_id_(server_id.empty() ? hostname_ : server_id),
      started_(std::chrono::steady_clock::now()) {}

void Reports::listen() {
  const auto self = shared_from_this();
  engine_.on_connection([self](EngineSocket& socket) { self->came(socket); });
  engine_.on_upgrade([self](EngineSocket& socket) { self->upgraded(socket); });
  engine_.on_close([self](EngineSocket& socket, std::string_view reason) { self->went(socket, reason); });
  engine_.on_packet([self](EngineSocket&, const EnginePacket& packet) {
    self->passed(packet, TrafficKind::packets_in, TrafficKind::bytes_in);
  });
  engine_.on_packet_create([self](EngineSocket&, const EnginePacket& packet) {
    self->passed(packet, TrafficKind::packets_out, TrafficKind::bytes_out);
  });
}

void Reports::came(const EngineSocket& socket) {
  traffic_.add_connection(WallClock::now());
  if (socket.transport() != "polling") return;
  std::lock_guard lock(mutex_);
  polling_.insert(socket.id());
}

void Reports::upgraded(const EngineSocket& socket) {
  std::lock_guard lock(mutex_);
  polling_.erase(socket.id());
}

void Reports::went(const EngineSocket& socket, std::string_view reason) {
  traffic_.add_disconnection(reason, WallClock::now());
  std::lock_guard lock(mutex_);
  polling_.erase(socket.id());
}

// As the reference: heartbeats, which carry nothing, do not count.
void Reports::passed(const EnginePacket& packet, TrafficKind packets, TrafficKind bytes) {
  if (packet.data.empty()) return;
  traffic_.add_packet(packets, bytes, packet.data.size(), WallClock::now());
}

void Reports::tell() {
  std::vector<TrafficCount> counts = traffic_.take();
  if (space_.sockets_count() == 0) return;
  const std::chrono::duration<double> uptime = std::chrono::steady_clock::now() - started_;
  ServerStats stats{.server_id = server_id_,
                    .hostname = hostname_,
                    .pid = ::getpid(),
                    .uptime = uptime.count(),
                    .clients = engine_.clients_count(),
                    .counts = std::move(counts)};
  for (const Namespace& nsp : space_.namespaces())
    stats.namespaces.push_back({std::string(nsp.name()), nsp.sockets_count()});
  std::sort(stats.namespaces.begin(), stats.namespaces.end(),
            [](const NamespaceSize& a, const NamespaceSize& b) { return a.name < b.name; });
  std::unique_lock lock(mutex_);
  stats.polling_clients = polling_.size();
  lock.unlock();
  space_.emit("server_stats", stats);
}

}  // namespace naru::admin
