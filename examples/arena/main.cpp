// Multiplayer state at 30 Hz by bare WebSocket, binary both ways: clients say where they steer (two signed
// bytes), the server says where everybody is. Whoever cannot keep up misses a state and gets the next one.
//   build/release/examples/arena                                    http://localhost:8005
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "naru/naru.hpp"

constexpr double kWidth = 1000;
constexpr double kHeight = 600;
constexpr double kSpeed = 6;  // a turn

struct Boat {
  std::uint16_t id = 0;
  double x = 0;
  double y = 0;
  int steer_x = 0;  // -127 to 127
  int steer_y = 0;
};

// One state: for each boat its id, x and y, two bytes each, the low one first.
std::string encode(const std::vector<naru::WebSocket>& players) {
  std::string state;
  const auto add = [&](unsigned value) {
    state += static_cast<char>(value & 0xff);
    state += static_cast<char>(value >> 8);
  };
  for (naru::WebSocket player : players) {
    const Boat& boat = player.data<Boat>();
    add(boat.id);
    add(static_cast<unsigned>(boat.x));
    add(static_cast<unsigned>(boat.y));
  }
  return state;
}

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  naru::Server server;  // one loop: handlers and ticks never overlap
  std::vector<naru::WebSocket> players;
  std::uint16_t last_id = 0;
  server.ws("/arena", {
                          .max_message = 16,
                          .on_open =
                              [&](naru::WebSocket& player) {
                                player.data<Boat>() = {.id = ++last_id, .x = kWidth / 2, .y = kHeight / 2};
                                players.push_back(player);
                                player.send("you are " + std::to_string(last_id));
                              },
                          .on_message =
                              [](naru::WebSocket& player, naru::Message message) {
                                if (!message.binary || message.data.size() != 2)
                                  return player.close(1003, "two bytes, please");
                                player.data<Boat>().steer_x = static_cast<signed char>(message.data[0]);
                                player.data<Boat>().steer_y = static_cast<signed char>(message.data[1]);
                              },
                          .on_close = [&](naru::WebSocket& player, std::uint16_t,
                                          std::string_view) { std::erase(players, player); },
                      });
  server.every(33ms, [&] {
    for (naru::WebSocket& player : players) {
      Boat& boat = player.data<Boat>();
      boat.x = std::clamp(boat.x + boat.steer_x * kSpeed / 127, 0.0, kWidth);
      boat.y = std::clamp(boat.y + boat.steer_y * kSpeed / 127, 0.0, kHeight);
    }
    const std::string state = encode(players);
    for (naru::WebSocket& player : players)
      if (player.buffered() == 0) player.send_binary(state);
  });
  server.directory("/", "examples/arena");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
