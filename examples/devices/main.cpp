// Devices that are commanded by HTTP and answer by acknowledgement: the caller learns whether the lamp is on,
// not only that the order was sent. What each device says of itself is a channel, keyed by device.
//   build/release/examples/devices                                   http://localhost:8005
//   curl -X POST localhost:8005/devices/lamp-1/commands -d '{"on":true}'
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

#include "naru/naru.hpp"

struct Report {
  std::string device;
  naru::Value state;
  bool online = true;
};

template <>
struct naru::Codec<Report> {
  static void encode(ArgumentWriter& out, const Report& report) {
    out.begin_object();
    out.member("device", report.device);
    out.member("state", report.state);
    out.member("online", report.online);
    out.end_object();
  }
};

// Sends the order to the one device and waits for its answer.
naru::Task<> command(naru::Namespace& devices, naru::Request request, naru::Response response) {
  const std::string device(request.param("id"));
  const naru::Value order = request.json();
  auto asking =
      devices.to("device:" + device).timeout(std::chrono::seconds(3)).emit_with_ack("command", order);
  const naru::BroadcastReply reply = co_await std::move(asking);
  if (reply.answers.empty() && !reply.error)
    co_return response.status(404).end("no such device is connected");
  if (reply.answers.empty()) co_return response.status(504).end("the device does not answer");
  response.json(reply.answers.front().get<naru::Value>(0).value_or(naru::Value()));
}

int main(int argc, char** argv) {
  naru::Server server;
  server.feed("/channels/:channel", {.history = {.size = 500}});
  naru::Channel reports = server.channel("devices");
  auto tell = [reports](const std::string& device, const naru::Value& state, bool online) mutable {
    reports.publish(Report{device, state, online}, {.key = device},
                    [](const naru::Result<naru::Published>&) {});
  };

  naru::Namespace devices = server.io().of("/devices");
  devices.use([](naru::Socket& socket) -> naru::Verdict {
    const auto id = socket.handshake().auth.get<std::string>("id").value_or("");
    if (id.empty()) return naru::refuse("a device says its id");
    socket.data<std::string>() = id;
    return naru::allow;
  });
  devices.on_connection([](naru::Socket& socket) { socket.join("device:" + socket.data<std::string>()); });
  devices.on("state", [tell](naru::Socket& socket, naru::Value state) mutable {
    tell(socket.data<std::string>(), state, true);
  });
  devices.on_disconnect([tell](naru::Socket& socket, std::string_view) mutable {
    tell(socket.data<std::string>(), naru::Value(), false);
  });
  server.post("/devices/:id/commands", [&devices](naru::Request request, naru::Response response) {
    return command(devices, std::move(request), std::move(response));
  });
  server.directory("/", "examples/devices");
  server.directory("/style", "examples/style");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8005)});
  server.run();
}
