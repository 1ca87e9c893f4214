#include "admin/messages.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "admin/commands.hpp"
#include "http/head_parser.hpp"
#include "serve/application.hpp"

namespace naru::admin {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

SocketView view_of(std::string_view head) {
  auto request = std::make_shared<serve::HandshakeRequest>();
  request->head = *http::parse_request_head(head);
  request->address = "192.0.2.1";
  request->issued = system_clock::time_point(1'700'000'000'123ms);
  const auto auth = Value::parse(R"({"secret":1})");
  return {"a",         "c", "polling", "/", *Value::parse(R"({"n":1})"), Handshake(std::move(request), *auth),
          {"a", "red"}};
}

TEST(AdminMessages, SocketsAreShownWithoutTheirAuth) {
  const SocketView view = view_of(
      "GET /socket.io/?EIO=4&tag=a&tag=b HTTP/1.1\r\nHost: here\r\nCookie: a=1\r\nCookie: b=2\r\n"
      "Accept: x\r\nAccept: y\r\nOrigin: http://there\r\n\r\n");
  EXPECT_EQ(
      Value::of(view).text(),
      R"json({"id":"a","clientId":"c","transport":"polling","nsp":"/","data":{"n":1},"handshake":{)json"
      R"json("address":"192.0.2.1","headers":{"accept":"x, y","cookie":"a=1; b=2","host":"here",)json"
      R"json("origin":"http://there"},"query":{"EIO":"4","tag":["a","b"]},"issued":1700000000123,)json"
      R"json("secure":false,"time":"Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)",)json"
      R"json("url":"/socket.io/?EIO=4&tag=a&tag=b","xdomain":true},"rooms":["a","red"]})json");
}

TEST(AdminMessages, MomentsAreDatesOfJavaScript) {
  auto text = [](std::chrono::milliseconds since) {
    return std::string(Value::of(Moment{system_clock::time_point(since)}).text());
  };
  EXPECT_EQ(text(0ms), R"("1970-01-01T00:00:00.000Z")");
  EXPECT_EQ(text(1'795'248'578'503ms), R"("2026-11-21T08:09:38.503Z")");
  EXPECT_EQ(text(951'782'400'001ms), R"("2000-02-29T00:00:00.001Z")");
  EXPECT_EQ(text(-1ms), R"("1969-12-31T23:59:59.999Z")");
}

TEST(AdminMessages, Stats) {
  const ServerStats stats{.server_id = "one \"1\"",
                          .hostname = "harbour",
                          .pid = 7,
                          .uptime = 1.5,
                          .clients = 3,
                          .polling_clients = 1,
                          .counts = {},
                          .namespaces = {{"/", 2}, {"/admin", 1}}};
  EXPECT_EQ(Value::of(stats).text(),
            R"({"serverId":"one \"1\"","hostname":"harbour","pid":7,"uptime":1.5,"clientsCount":3,)"
            R"("pollingClientsCount":1,"aggregatedEvents":[],)"
            R"("namespaces":[{"name":"/","socketsCount":2},{"name":"/admin","socketsCount":1}]})");
}

TEST(AdminMessages, Features) {
  EXPECT_EQ(Value::of(Config{{"EMIT", "JOIN"}}).text(), R"({"supportedFeatures":["EMIT","JOIN"]})");
}

TEST(AdminMessages, DataIsAnObjectAlsoWhenThereIsNone) {
  EXPECT_EQ(Value::of(SocketData{"a", "/", Value()}).text(), R"({"id":"a","nsp":"/","data":{}})");
  EXPECT_EQ(Value::of(SocketData{"a", "/", *Value::parse(R"({"n":1})")}).text(),
            R"({"id":"a","nsp":"/","data":{"n":1}})");
  EXPECT_EQ(Value::of(SocketTransport{"a", "/", "websocket"}).text(),
            R"({"id":"a","nsp":"/","transport":"websocket"})");
}

TEST(AdminMessages, EventsAreOneArrayWithTheirBinaryParts) {
  const std::array<std::string_view, 2> elements = {"1", R"({"_placeholder":true,"num":0})"};
  const std::array<Bytes, 1> attachments = {Bytes::copy("abc")};
  const ArgsView args(elements, attachments);
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter out(text, parts);
  out.value(EventArguments{"say \"hi\"", args});
  EXPECT_EQ(text, R"(["say \"hi\"",1,{"_placeholder":true,"num":0}])");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts.front().view(), "abc");
  EXPECT_EQ(Value::of(EventArguments{"bare", ArgsView()}).text(), R"(["bare"])");
}

TEST(AdminMessages, FiltersAreATextAListOrNothing) {
  auto read = [](std::string_view json) {
    const auto filter = Value::parse(json)->get<Filter>();
    return filter ? std::optional(filter->rooms) : std::nullopt;
  };
  using Rooms = std::vector<std::string>;
  EXPECT_EQ(read(R"("red")"), Rooms{"red"});
  EXPECT_EQ(read(R"("")"), Rooms{});
  EXPECT_EQ(read(R"(["red","blue"])"), (Rooms{"red", "blue"}));
  for (const char* wrong : {"[]", "[1]", "1", "true", "{}", "null"})
    EXPECT_FALSE(read(wrong)) << wrong;
}

}  // namespace
}  // namespace naru::admin
