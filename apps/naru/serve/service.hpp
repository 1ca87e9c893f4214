// A server as the settings describe it: channels, Socket.IO, chat, lab, Admin UI.
//
//   naru::Server server(server_options_of(settings));
//   Service service(server, settings);
//   server.listen(listen_options_of(settings));
//   server.run();
//
// Before Server::run(). Throws std::exception with a sentence.
#pragma once

#include <memory>

#include "naru/options.hpp"
#include "naru/serve/gate.hpp"
#include "naru/serve/settings.hpp"
#include "naru/server.hpp"

namespace apps {

naru::ServerOptions server_options_of(const ServeSettings& settings);
naru::ListenOptions listen_options_of(const ServeSettings& settings);

class Service {
 public:
  // REQUIRES: settled settings without faults (rules.hpp).
  Service(naru::Server& server, const ServeSettings& settings);

  // Reads token files again and logs what came of it. Any thread.
  void reload();

 private:
  void serve_socketio();
  void serve_channels();
  void serve_group(const ChannelGroup& group);
  void serve_front_page();

  naru::Server& server_;
  const ServeSettings settings_;
  std::shared_ptr<Gate> gate_;
};

}  // namespace apps
