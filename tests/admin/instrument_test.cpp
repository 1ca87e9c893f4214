#include "naru/instrument.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include "admin/login.hpp"
#include "naru/offload.hpp"
#include "naru/server.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::RawClient;
using test::RunningServer;
using test::SocketIoClient;

// "changeit", at the least cost.
const BasicAuth kLogin{"admin", "$2a$04$CgR2hhIrCpqzDk1zicfETehvShflmaxYPNH5el88kxlOdc.JPCel2"};
const std::string kRight = R"({"username":"admin","password":"changeit"})";
const std::string kWrong = R"({"username":"admin","password":"guess"})";
const std::string kRefused = R"(4/admin,{"message":"invalid credentials"})";
const std::string kTooMany = R"(4/admin,{"message":"too many logins, try again in a minute"})";

InstrumentOptions production(std::variant<std::monostate, NoAuth, BasicAuth> auth = no_auth) {
  InstrumentOptions options;
  options.auth = std::move(auth);
  options.mode = InstrumentMode::production;
  return options;
}

std::string answer_to(RunningServer& server, const std::string& auth) {
  SocketIoClient client(server.port());
  client.send("0/admin," + auth);
  return client.read();
}

// The next event of this name, without what stands around its arguments.
std::string next(SocketIoClient& client, const std::string& event) {
  const std::string begin = "2/admin,[\"" + event + "\"";
  for (;;) {
    const std::string packet = client.read();
    if (packet.starts_with(begin)) return packet.substr(begin.size());
  }
}

class InstrumentTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam(), .workers = 1}};
  Namespace& io = server->io();
};
INSTANTIATE_TEST_SUITE_P(Loops, InstrumentTest, testing::Values(1U, 2U));

TEST(Instrument, SetupMustSayWhoMayComeIn) {
  RunningServer server;
  EXPECT_THROW(server->io().instrument({}), std::logic_error);
  InstrumentOptions options;
  options.auth = BasicAuth{.username = "admin", .password = "changeit"};
  EXPECT_THROW(server->io().instrument(options), std::logic_error);
}

TEST_P(InstrumentTest, ASessionStandsForAPassword) {
  io.instrument(production(kLogin));
  const auto serving = server.start();
  SocketIoClient admin(server.port());
  admin.connect("/admin", kRight);
  const std::string session = next(admin, "session");
  EXPECT_EQ(next(admin, "config"), R"(,{"supportedFeatures":["EMIT","JOIN","LEAVE","DISCONNECT","MJOIN",)"
                                   R"("MLEAVE","MDISCONNECT","AGGREGATED_EVENTS"]}])");
  SocketIoClient again(server.port());
  again.connect("/admin", R"({"sessionId":)" + session.substr(1, session.size() - 2) + "}");
  EXPECT_EQ(again.read().substr(0, 18), R"(2/admin,["config",)");
  EXPECT_EQ(answer_to(server, kWrong), kRefused);
  EXPECT_EQ(answer_to(server, "{}"), kRefused);
  EXPECT_EQ(answer_to(server, R"({"sessionId":""})"), kRefused);
}

TEST_P(InstrumentTest, SessionsAreBounded) {
  InstrumentOptions options = production(kLogin);
  options.max_sessions = 1;
  io.instrument(options);
  const auto serving = server.start();
  std::vector<std::string> sessions;
  for (int i = 0; i < 2; ++i) {
    SocketIoClient admin(server.port());
    admin.connect("/admin", kRight);
    const std::string session = next(admin, "session");
    sessions.push_back(R"({"sessionId":)" + session.substr(1, session.size() - 2) + "}");
  }
  EXPECT_EQ(answer_to(server, sessions[0]), kRefused);
  EXPECT_TRUE(answer_to(server, sessions[1]).starts_with("0/admin"));
}

TEST_P(InstrumentTest, PasswordsOfOneAddressAreCounted) {
  InstrumentOptions options = production(kLogin);
  options.max_logins_per_minute = 3;
  io.instrument(options);
  const auto serving = server.start();
  SocketIoClient admin(server.port());
  admin.connect("/admin", kRight);
  const std::string session = next(admin, "session");
  EXPECT_EQ(answer_to(server, kWrong), kRefused);
  EXPECT_EQ(answer_to(server, "{}"), kRefused);  // no password, none tried
  EXPECT_EQ(answer_to(server, kWrong), kRefused);
  EXPECT_EQ(answer_to(server, kWrong), kTooMany);
  EXPECT_EQ(answer_to(server, kRight), kTooMany);
  const std::string known = R"({"sessionId":)" + session.substr(1, session.size() - 2) + "}";
  EXPECT_TRUE(answer_to(server, known).starts_with("0/admin"));
}

TEST_P(InstrumentTest, PasswordsThatWaitForAWorkerAreBounded) {
  InstrumentOptions options = production(kLogin);
  options.max_logins_per_minute = 0;
  io.instrument(options);
  std::promise<void> go;
  server->get("/block", [&](Request, Response response) -> Task<> {
    auto work = [&] { go.get_future().wait(); };
    co_await offload(work);
    response.end();
  });
  const auto serving = server.start();
  RawClient blocker(server.port());
  blocker.send(test::request_text("GET", "/block"));
  RawClient other(server.port());  // once it is answered, and one more, the first has been read on its loop
  RawClient third(server.port());
  EXPECT_EQ(ask(other, "GET", "/nothing").status, 404);
  EXPECT_EQ(ask(third, "GET", "/nothing").status, 404);

  std::vector<SocketIoClient> waiting;
  waiting.reserve(admin::Login::kMaxPending);
  for (unsigned i = 0; i < admin::Login::kMaxPending; ++i) {
    waiting.emplace_back(server.port()).send("0/admin," + kRight);
    // An answer on the same connection: its password is waiting.
    waiting.back().send("0/nowhere,");
    EXPECT_TRUE(waiting.back().read().starts_with("4/nowhere")) << i;
  }
  EXPECT_EQ(answer_to(server, kRight), kTooMany);
  go.set_value();
  for (SocketIoClient& client : waiting)
    EXPECT_TRUE(client.read().starts_with("0/admin"));
  EXPECT_TRUE(answer_to(server, kRight).starts_with("0/admin"));
}

TEST_P(InstrumentTest, ProductionTellsCountersOnly) {
  InstrumentOptions options = production();
  options.server_id = "one";
  options.read_only = true;
  io.instrument(options);
  io.on("echo", [](Socket&, std::string text, Ack ack) { ack(text); });
  const auto serving = server.start();
  SocketIoClient admin(server.port());
  admin.connect("/admin");
  EXPECT_EQ(admin.read(), R"(2/admin,["config",{"supportedFeatures":["AGGREGATED_EVENTS"]}])");
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["echo","hello"])");
  EXPECT_EQ(client.read(), R"(31["hello"])");
  const std::string stats = admin.read();
  EXPECT_TRUE(stats.starts_with(R"(2/admin,["server_stats",{"serverId":"one","hostname":)")) << stats;
  EXPECT_NE(stats.find(R"("clientsCount":2,"pollingClientsCount":0)"), std::string::npos) << stats;
  EXPECT_NE(stats.find(R"({"name":"/","socketsCount":1})"), std::string::npos) << stats;
  EXPECT_NE(stats.find(R"("type":"bytesIn")"), std::string::npos) << stats;
}

TEST_P(InstrumentTest, EventsThatAreShownAreBounded) {
  InstrumentOptions options;
  options.auth = no_auth;
  options.max_events_per_second = 5;
  io.instrument(options);
  io.on("echo", [](Socket&, int number, Ack ack) { ack(number); });
  const auto serving = server.start();
  SocketIoClient admin(server.port());
  admin.send("0/admin,");
  next(admin, "all_sockets");
  SocketIoClient client(server.port());
  client.connect();
  constexpr int kEvents = 1000;
  for (int i = 0; i < kEvents; ++i)
    client.send("21[\"echo\"," + std::to_string(i) + "]");
  for (int i = 0; i < kEvents; ++i)
    EXPECT_EQ(client.read(), "31[" + std::to_string(i) + "]");
  client.send("1");  // told whatever the limit: all that is told of the events stands before
  int shown = 0;
  for (std::string packet = admin.read(); packet.find(R"("socket_disconnected")") == std::string::npos;
       packet = admin.read()) {
    if (packet.find(R"("event_received")") == std::string::npos) continue;
    if (shown < 5) {
      EXPECT_NE(packet.find("[\"echo\"," + std::to_string(shown) + "]"), std::string::npos) << packet;
    }
    ++shown;
  }
  EXPECT_GE(shown, 5);
  EXPECT_LT(shown, kEvents);
}

TEST_P(InstrumentTest, SocketsThatAreListedAreBounded) {
  InstrumentOptions options;
  options.auth = no_auth;
  options.max_listed_sockets = 3;
  io.instrument(options);
  const auto serving = server.start();
  auto listed = [&] {
    SocketIoClient admin(server.port());
    admin.send("0/admin,");
    const std::string list = next(admin, "all_sockets");
    std::size_t count = 0;
    for (std::size_t at = list.find(R"("clientId")"); at != std::string::npos;
         at = list.find(R"("clientId")", at + 1))
      ++count;
    return count;
  };
  SocketIoClient one(server.port());
  SocketIoClient two(server.port());
  one.connect();
  two.connect();
  EXPECT_EQ(listed(), 3U);
  SocketIoClient three(server.port());
  three.connect();
  EXPECT_EQ(listed(), 3U);
}

TEST_P(InstrumentTest, ThePageIsServedWhenAskedFor) {
  InstrumentOptions options = production();
  options.ui = true;
  options.ui_path = "ops/admin";
  options.namespace_name = "admins";
  io.instrument(options);
  server->asset_header("X-Other", "files");
  const auto serving = server.start();
  RawClient client(server.port());
  const auto page = ask(client, "GET", "/ops/admin/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.field("x-other"), std::nullopt);
  EXPECT_TRUE(page.field("content-security-policy").value_or("").starts_with("default-src 'none'"));
  EXPECT_EQ(ask(client, "GET", "/ops/admin/server.js").body,
            "self.naru = {\"path\":\"/socket.io\",\"namespace\":\"/admins\"};\n");
  EXPECT_EQ(ask(client, "GET", "/ops/admin").field("location"), "/ops/admin/");
  EXPECT_EQ(ask(client, "GET", "/admin/").status, 404);
}

}  // namespace
}  // namespace naru
