// A price ticker: the server speaks, clients listen. Volatile: who cannot keep up misses a price and gets the
// next one.
//   socket.emit("follow", "BTC");
//   socket.on("price", (symbol, price) => …);
#include <array>
#include <chrono>
#include <random>
#include <string>

#include "naru/naru.hpp"

struct Stock {
  std::string symbol;
  double price;
};

int main() {
  using namespace std::chrono_literals;
  naru::Server server;
  auto& io = server.io();
  io.on("follow", [](naru::Socket& socket, std::string symbol) { socket.join("price:" + symbol); });
  io.on("unfollow", [](naru::Socket& socket, std::string symbol) { socket.leave("price:" + symbol); });

  std::array<Stock, 3> stocks{{{"BTC", 64'000}, {"ETH", 3'400}, {"NARU", 12.5}}};
  std::mt19937 random(7);
  std::normal_distribution<double> step(0, 0.001);
  server.every(250ms, [&] {
    for (Stock& stock : stocks) {
      stock.price *= 1 + step(random);
      io.to("price:" + stock.symbol).volatile_().emit("price", stock.symbol, stock.price);
    }
  });
  server.listen({.port = 8005});
  server.run();
}
