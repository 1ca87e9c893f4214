// Router to socket: an HTTP route does the slow work first, on a worker thread, and then tells the room.
//   socket.emit("watch", "42");
//   curl -X POST localhost:8005/orders/42/pay -d '{"amount":990}'
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "naru/naru.hpp"

// What stands for a database here: it takes its time, and may refuse.
bool write_payment(const std::string& order, std::int64_t amount) {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return !order.empty() && amount > 0;
}

naru::Task<> pay(naru::Namespace& io, naru::Request request, naru::Response response) {
  const std::string order(request.param("id"));
  const auto amount = request.json().get<std::int64_t>("amount");
  if (!amount) co_return response.status(400).end("amount, please");
  auto work = [&] { return write_payment(order, *amount); };
  auto writing = naru::offload(work);
  const bool is_written = co_await std::move(writing);  // the loop serves others meanwhile
  if (!is_written) co_return response.status(422).end("that cannot be paid");
  io.to("order:" + order).emit("paid", order, *amount);
  response.json(std::map<std::string, bool>{{"paid", true}});
}

int main() {
  naru::Server server;
  auto& io = server.io();
  io.on("watch", [](naru::Socket& socket, std::string order) { socket.join("order:" + order); });
  server.post("/orders/:id/pay", [&io](naru::Request request, naru::Response response) -> naru::Task<> {
    return pay(io, std::move(request), std::move(response));
  });
  server.listen({.port = 8005});
  server.run();
}
