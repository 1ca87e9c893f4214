// server_stats: who this server is, how many are connected how, and what has passed since the last report.
//
//   reports->listen();                                                     // before Server::run()
//   server.every(kReportInterval, [reports] { reports->tell(); });
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "admin/messages.hpp"
#include "admin/traffic.hpp"
#include "naru/engine.hpp"
#include "naru/namespace.hpp"

namespace naru::admin {

// The page calls a server dead that has said nothing for ten seconds.
inline constexpr std::chrono::seconds kReportInterval{2};

class Reports : public std::enable_shared_from_this<Reports> {
 public:
  // Both outlive this. `server_id` empty: the host's name.
  Reports(Namespace& space, Engine& engine, const std::string& server_id);

  // Counts what passes, from now on.
  void listen();
  // What has passed is forgotten, whether or not an administrator is there to hear it.
  void tell();

 private:
  void came(const EngineSocket& socket);
  void upgraded(const EngineSocket& socket);
  void went(const EngineSocket& socket, std::string_view reason);
  void passed(const EnginePacket& packet, TrafficKind packets, TrafficKind bytes);

  Namespace& space_;
  Engine& engine_;
  const std::string hostname_;
  const std::string server_id_;
  const std::chrono::steady_clock::time_point started_;
  Traffic traffic_;
  std::mutex mutex_;
  std::unordered_set<std::string> polling_;  // ids of sessions; guarded by mutex_
};

}  // namespace naru::admin
