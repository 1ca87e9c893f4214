// Snippets of docs/GUIDE.md: connection state recovery.
#include <chrono>
#include <string>

#include "naru/json.hpp"
#include "naru/naru.hpp"

using namespace std::chrono_literals;

// [guide: kept]
struct Player {
  static constexpr bool keep_on_recovery = true;
  std::string name;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Player, name)
// [guide end]

void recovery(naru::Server& server) {
  // [guide: recovery]
  auto& io = server.io({.recovery_window = 2min});
  io.on_connection([](naru::Socket& socket) {
    if (socket.recovered()) return;  // rooms, data and missed events are there already
    socket.data<Player>().name = "somebody new";
    socket.join("lobby");
  });
  // [guide end]
}
