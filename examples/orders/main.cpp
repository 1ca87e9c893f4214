// Router to channel: an HTTP route does the database's work first, on a worker thread, and then notifies
// whoever follows the order, by whatever transport.
//   build/release/examples/orders                                    http://localhost:8005
//   curl -X POST localhost:8005/orders/42/pay -d '{"amount":990}'
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

#include "naru/naru.hpp"

// What stands for a database here: it takes its time, and may refuse.
bool write_payment(const std::string& order, std::int64_t amount) {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return !order.empty() && amount > 0;
}

naru::Task<> pay(naru::Channel order, naru::Request request, naru::Response response) {
  const auto amount = request.json().get<std::int64_t>("amount");
  if (!amount) co_return response.status(400).end("amount, please");
  auto work = [&] { return write_payment(order.name(), *amount); };
  auto writing = naru::offload(work);
  const bool is_written = co_await std::move(writing);  // the loop serves others meanwhile
  if (!is_written) co_return response.status(422).end("that cannot be paid");
  const std::map<std::string, std::int64_t> paid = {{"amount", *amount}};
  const naru::PublishOptions options = {.event = "paid"};
  auto publishing = order.publish(paid, options);
  const naru::Result<naru::Published> at = co_await std::move(publishing);
  if (!at) co_return response.status(503).end(at.error().message());
  response.json(std::map<std::string, std::string>{{"position", at->position.text()}});
}

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  naru::Server server;
  server.feed("/order-events/:channel", {.prefix = "order:", .history = {.size = 20, .ttl = 1h}});
  server.post("/orders/:id/pay", [&server](naru::Request request, naru::Response response) {
    const naru::Channel order = server.channel("order:" + std::string(request.param("id")));
    return pay(order, std::move(request), std::move(response));
  });
  server.directory("/", "examples/orders");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
