#include "serve/engine_door.hpp"

#include <memory>

#include "serve/engine_visit.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {

// Where nobody has to be asked nothing has to outlive this call, and a poll costs no allocation more.
void serve_engine(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number) {
  const EngineHooks::Wanted& wanted = connection.server().application().engine(number).hooks->wanted();
  if (wanted.middleware || wanted.gate || wanted.ids) {
    return connection.receive(std::make_unique<EngineVisit>(connection, exchange, number)).start();
  }
  EngineVisit(connection, exchange, number).start();
}

}  // namespace naru::serve
