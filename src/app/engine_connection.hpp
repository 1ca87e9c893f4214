// One Engine.IO session as the handlers of its engine see it; below Socket.IO they watch what its client
// does.
#pragma once

#include <memory>
#include <string_view>

#include "app/engine_core.hpp"
#include "serve/application.hpp"

namespace naru::app {

class EngineConnection final : public serve::EngineClient {
 public:
  // Handlers live as long as the server. `inner` may be null.
  EngineConnection(const EngineHandlers& handlers, std::shared_ptr<EngineRecord> record,
                   std::unique_ptr<serve::EngineClient> inner);

  void on_open() override;
  void on_message(std::string_view data, bool binary) override;
  void on_drain() override;
  void on_upgrading() override;
  void on_upgrade() override;
  void on_heartbeat() override;
  bool observes_packets() const override;
  void on_packet(const engineio::PacketView& packet) override;
  void on_packet_create(const engineio::Packet& packet) override;
  void on_closed(std::string_view reason, std::string_view description) override;
  void on_server_stop() override;

 private:
  template <class... Parameters, class... Arguments>
  void tell(const EngineHandlers::List<EngineSocket&, Parameters...>& handlers,
            const Arguments&... arguments);

  const EngineHandlers& handlers_;
  const std::shared_ptr<EngineRecord> record_;
  EngineSocket handle_;
  const std::unique_ptr<serve::EngineClient> inner_;
};

}  // namespace naru::app
