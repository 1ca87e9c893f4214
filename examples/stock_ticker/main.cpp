// A ticker with the policy `latest`: prices change thousands of times a second, and whoever looks gets the
// newest of each five times a second, however fast or slow his line is.
//   build/release/examples/stock_ticker                              http://localhost:8005
//   curl -N localhost:8005/channels/prices -H 'Accept: application/x-ndjson'
#include <array>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>

#include "naru/naru.hpp"

struct Stock {
  std::string symbol;
  double price = 0;
};

template <>
struct naru::Codec<Stock> {
  static void encode(ArgumentWriter& out, const Stock& stock) {
    out.begin_object();
    out.member("symbol", stock.symbol);
    out.member("price", stock.price);
    out.end_object();
  }
};

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  naru::Server server;
  server.feed("/channels/:channel",
              {.history = {.size = 2000}, .slow = naru::SlowFollower::latest, .latest_per_second = 5});
  naru::Channel prices = server.channel("prices");

  std::array<Stock, 6> stocks{
      {{"BTC", 64'000}, {"ETH", 3'400}, {"NARU", 12.5}, {"FERRY", 101}, {"TIDE", 7.25}, {"OAR", 0.42}}};
  std::mt19937 random(7);
  std::normal_distribution<double> step(0, 0.0005);
  server.every(5ms, [&] {
    for (Stock& stock : stocks) {
      stock.price *= 1 + step(random);
      prices.publish(stock, {.key = stock.symbol}, [](const naru::Result<naru::Published>&) {});
    }
  });
  server.directory("/", "examples/stock_ticker");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
