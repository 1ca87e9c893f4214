#include "naru/http.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "naru/completion.hpp"
#include "naru/cookie_signer.hpp"
#include "naru/offload.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"
#include "support/scratch_directory.hpp"

namespace naru {
namespace {

using test::ask;
using test::HttpAnswer;
using test::Mailbox;
using test::RawClient;
using test::read_answer;
using test::request_text;
using test::RunningServer;

class HttpTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, HttpTest, testing::Values(1U, 2U));

TEST_P(HttpTest, RoutesByMethodAndPattern) {
  server->get("/rooms/:room/*rest", [](Request request, Response response) {
    response.end(std::string(request.param("room")) + "|" + std::string(request.param("rest")) + "|" +
                 request.query("q").value_or("-") + "|" + std::string(request.param("none")));
  });
  server->put("/rooms/:room/*rest", [](Request request, Response response) {
    response.status(201).header("X-Method", request.method()).end(request.body());
  });
  const auto serving = server.start();
  RawClient client(server.port());
  const HttpAnswer got = ask(client, "GET", "/rooms/a%20b/c/d?q=x%26y");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "a b|c/d|x&y|");
  const HttpAnswer put = ask(client, "PUT", "/rooms/a/b", "", "new");
  EXPECT_EQ(put.status, 201);
  EXPECT_EQ(put.field("x-method"), "PUT");
  EXPECT_EQ(put.body, "new");
  EXPECT_EQ(ask(client, "GET", "/nowhere").status, 404);
  const HttpAnswer wrong = ask(client, "DELETE", "/rooms/a/b");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_NE(wrong.field("allow").value_or("").find("PUT"), std::string::npos);
}

TEST_P(HttpTest, HeadIsGetWithoutBody) {
  server->get("/", [](Request, Response response) { response.end("hello"); });
  const auto serving = server.start();
  RawClient client(server.port());
  const HttpAnswer head = ask(client, "HEAD", "/");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("content-length"), "5");
  EXPECT_EQ(ask(client, "GET", "/").body, "hello") << "nothing of the first answer's body is in the way";
}

TEST_P(HttpTest, AnswersJsonAndRedirects) {
  server->post("/json", [](Request request, Response response) {
    const Value value = request.json();
    response.json(std::vector<int>{value.get<int>("a").value_or(0), value.is_null() ? 1 : 0});
  });
  server->get("/old", [](Request, Response response) { response.redirect("/new"); });
  server->get("/split", [](Request, Response response) {
    response.header("X-Good", "1").header("X-Bad", "a\r\nX-Forged: 1").end();
  });
  const auto serving = server.start();
  RawClient client(server.port());
  EXPECT_EQ(ask(client, "POST", "/json", "", R"({"a":7})").body, "[7,0]");
  EXPECT_EQ(ask(client, "POST", "/json", "", "{nonsense").body, "[0,1]");
  const HttpAnswer moved = ask(client, "GET", "/old");
  EXPECT_EQ(moved.status, 303);
  EXPECT_EQ(moved.field("location"), "/new");
  const HttpAnswer split = ask(client, "GET", "/split");
  EXPECT_EQ(split.field("x-good"), "1");
  EXPECT_EQ(split.field("x-forged"), std::nullopt);
}

TEST_P(HttpTest, BodyLimitFromBothSides) {
  server->route("POST", "/", {.max_body = 10}, [](Request request, Response response) {
    response.end(std::to_string(request.body().size()));
  });
  const auto serving = server.start();
  EXPECT_EQ(ask(server.port(), "POST", "/", "", std::string(10, 'x')).body, "10");
  EXPECT_EQ(ask(server.port(), "POST", "/", "", std::string(11, 'x')).status, 413);
  RawClient chunked(server.port());
  chunked.send(request_text("POST", "/", "Transfer-Encoding: chunked\r\n") + "b\r\n01234567890\r\n0\r\n\r\n");
  EXPECT_EQ(read_answer(chunked).status, 413);
}

TEST_P(HttpTest, AnswersLaterFromAnotherThread) {
  Mailbox<Response> waiting;
  server->get("/", [&](Request, Response response) { waiting.put(std::move(response)); });
  const auto serving = server.start();
  std::thread answerer([&] {
    for (int i = 0; i < 20; ++i)
      waiting.take().header("X-Number", std::to_string(i)).end("later");
  });
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(ask(server.port(), "GET", "/").body, "later");
  answerer.join();
}

TEST_P(HttpTest, AnswerForAClientThatHasGoneIsDropped) {
  Mailbox<Response> waiting;
  Mailbox<bool> closed;
  server->get("/", [&](Request, Response response) {
    response.on_close([&] { closed.put(true); });
    waiting.put(std::move(response));
  });
  const auto serving = server.start();
  RawClient client(server.port());
  client.send(request_text("GET", "/"));
  Response response = waiting.take();
  client.reset();
  EXPECT_TRUE(closed.take());
  response.end("for nobody");
  EXPECT_TRUE(response.answered());
}

TEST_P(HttpTest, StreamsAnAnswerPieceByPiece) {
  Mailbox<Response> started;
  server->get("/chunks", [&](Request, Response response) {
    response.header("X-Kind", "stream").start();
    response.write("one ");
    started.put(std::move(response));
  });
  server->get("/counted", [](Request, Response response) {
    response.start(6);
    response.write("abc");
    response.end("def");
  });
  const auto serving = server.start();
  RawClient client(server.port());
  client.send(request_text("GET", "/chunks"));
  EXPECT_NE(client.read_until("\r\n\r\n").find("X-Kind: stream"), std::string::npos);
  EXPECT_EQ(client.read_until("one \r\n"), "4\r\none \r\n") << "before the answer has ended";
  Response response = started.take();  // and on from another thread
  response.write("two");
  response.end();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "3\r\ntwo\r\n0\r\n\r\n");
  const HttpAnswer counted = ask(client, "GET", "/counted");
  EXPECT_EQ(counted.field("content-length"), "6");
  EXPECT_EQ(counted.body, "abcdef");
}

TEST_P(HttpTest, StreamedAnswerIsToldThatItsReaderHasGone) {
  Mailbox<bool> closed;
  Mailbox<Response> kept;
  server->get("/", [&](Request, Response response) {
    response.start();
    response.write("x");
    response.on_close([&] { closed.put(true); });
    kept.put(std::move(response));
  });
  const auto serving = server.start();
  RawClient client(server.port());
  client.send(request_text("GET", "/"));
  client.read_until("x\r\n");
  client.reset();
  EXPECT_TRUE(closed.take());
}

// What is written for a reader who does not read is bounded: it is cut off, and others are served meanwhile.
TEST_P(HttpTest, SlowReaderOfAStreamIsCut) {
  std::atomic<bool> is_closed{false};
  Mailbox<bool> ended;
  const std::string piece(50'000, 'x');
  RunningServer small({.loops = GetParam(), .max_queued = 100'000});
  small->get("/stream", [&](Request, Response response) -> Task<> {
    response.on_close([&] { is_closed = true; });
    response.start();
    auto nothing = [] {};
    while (!is_closed) {
      response.write(piece);
      co_await offload(nothing);
    }
    ended.put(true);
  });
  small->get("/", [](Request, Response response) { response.end("served"); });
  const auto serving = small.start();
  RawClient slow(small.port(), 4096);
  slow.send(request_text("GET", "/stream"));
  EXPECT_TRUE(ended.take());
  EXPECT_EQ(ask(small.port(), "GET", "/").body, "served");
}

// A handler that waits for what never comes runs to its end when the server stops: nothing is left behind.
TEST_P(HttpTest, WaitingHandlersEndWithTheServer) {
  struct Token {
    explicit Token(std::atomic<int>& all) : alive(all) { ++alive; }
    ~Token() { --alive; }
    std::atomic<int>& alive;
  };
  std::atomic<int> alive{0};
  Mailbox<bool> waiting;
  Mailbox<std::error_code> ends;
  RunningServer stopping({.loops = GetParam()});
  stopping->get("/", [&](Request, Response) -> Task<> {
    const Token token(alive);
    for (int i = 0; i < 5; ++i) {
      const Completion<int> never;
      Later<int> later = never.later();
      waiting.put(true);
      const Result<int> result = co_await std::move(later);
      if (!result) ends.put(result.error().code());
    }
  });
  const auto serving = stopping.start();
  RawClient client(stopping.port());
  client.send(request_text("GET", "/"));
  EXPECT_TRUE(waiting.take());
  EXPECT_EQ(alive, 1);
  stopping.stop(std::chrono::milliseconds(0));
  EXPECT_EQ(alive, 0);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(ends.take(), errc::stopped);
}

TEST_P(HttpTest, DroppedResponseAnswers500) {
  server->get("/dropped", [](Request, Response) {});
  server->get("/thrown", [](Request, Response) { throw std::runtime_error("broken"); });
  server->get("/task", [](Request, Response) -> Task<> {
    auto nothing = [] {};
    co_await offload(nothing);
    throw std::runtime_error("broken later");
  });
  server->get("/good", [](Request, Response response) { response.end("good"); });
  const auto serving = server.start();
  RawClient client(server.port());
  EXPECT_EQ(ask(client, "GET", "/dropped").status, 500);
  EXPECT_EQ(ask(client, "GET", "/thrown").status, 500);
  EXPECT_EQ(ask(client, "GET", "/task").status, 500);
  EXPECT_EQ(ask(client, "GET", "/good").body, "good") << "the connection goes on";
}

// A handler may throw anything: it never ends the server.
TEST_P(HttpTest, HandlerThatThrowsNoExceptionAnswers500) {
  server->get("/", [](Request, Response) { throw 42; });
  const auto serving = server.start();
  EXPECT_EQ(ask(server.port(), "GET", "/").status, 500);
  EXPECT_EQ(ask(server.port(), "GET", "/").status, 500);
}

TEST_P(HttpTest, TheFirstAnswerCounts) {
  server->get("/", [](Request, Response response) {
    response.end("first");
    response.end("second");
    response.json(3);
    response.start();
    EXPECT_EQ(response.write("fourth"), 0U);
  });
  const auto serving = server.start();
  RawClient client(server.port());
  EXPECT_EQ(ask(client, "GET", "/").body, "first");
  EXPECT_EQ(ask(client, "GET", "/").body, "first");
}

TEST_P(HttpTest, PipelinedRequestsAreAnsweredInOrder) {
  server->get("/:n", [](Request request, Response response) -> Task<> {
    const std::string n(request.param("n"));
    auto work = [] {};
    if (n == "0") co_await offload(work);
    response.end(n);
  });
  const auto serving = server.start();
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += request_text("GET", "/" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(read_answer(client).body, std::to_string(i));
}

TEST_P(HttpTest, TaskGoesOnAfterOffload) {
  server->post("/", [](Request request, Response response) -> Task<> {
    auto work = [&] { return std::string(request.body()) + "!"; };
    const std::string loud = co_await offload(work);
    response.end(loud);
  });
  const auto serving = server.start();
  EXPECT_EQ(ask(server.port(), "POST", "/", "", "hello").body, "hello!");
}

TEST_P(HttpTest, ForeignOriginMayNotChangeState) {
  auto answer = [](Request, Response response) { response.end("done"); };
  server->post("/", answer);
  server->get("/", answer);
  server->route("POST", "/open", {.allowed_origins = {"https://friend.example"}}, answer);
  server->route("POST", "/unchecked", {.check_origin = false}, answer);
  const auto serving = server.start();
  const std::string foreign = "Origin: https://foreign.example\r\n";
  const std::string own = "Origin: http://localhost\r\n";
  const std::string friendly = "Origin: https://friend.example\r\n";
  EXPECT_EQ(ask(server.port(), "POST", "/", foreign, "x").status, 403);
  EXPECT_EQ(ask(server.port(), "POST", "/", own, "x").status, 200);
  EXPECT_EQ(ask(server.port(), "POST", "/", "", "x").status, 200);
  EXPECT_EQ(ask(server.port(), "GET", "/", foreign).status, 200);
  EXPECT_EQ(ask(server.port(), "POST", "/", friendly, "x").status, 403);
  EXPECT_EQ(ask(server.port(), "POST", "/open", friendly, "x").status, 200);
  EXPECT_EQ(ask(server.port(), "POST", "/open", foreign, "x").status, 403);
  EXPECT_EQ(ask(server.port(), "POST", "/unchecked", foreign, "x").status, 200);
}

TEST_P(HttpTest, CookiesGoBothWays) {
  const CookieSigner signer({"a secret of at least 16 bytes"});
  server->get("/in", [&](Request, Response response) {
    response.cookie("session", signer.sign("ada"), {.max_age = std::chrono::seconds(60), .secure = true})
        .end();
  });
  server->get("/who", [&](Request request, Response response) {
    response.end(signer.verify(request.cookie("session").value_or("")).value_or("nobody"));
  });
  const auto serving = server.start();
  const std::string set = ask(server.port(), "GET", "/in").field("set-cookie").value_or("");
  for (const char* part : {"Max-Age=60", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"})
    EXPECT_NE(set.find(part), std::string::npos) << set;
  const std::string pair = set.substr(0, set.find(';'));
  EXPECT_EQ(ask(server.port(), "GET", "/who", "Cookie: other=1; " + pair + "\r\n").body, "ada");
  std::string forged = pair;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(ask(server.port(), "GET", "/who", "Cookie: " + forged + "\r\n").body, "nobody");
  EXPECT_EQ(ask(server.port(), "GET", "/who").body, "nobody");
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}
std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_P(HttpTest, UploadGoesToAFileAsItComes) {
  const test::ScratchDirectory scratch;
  Mailbox<bool> removed;
  server->route("POST", "/keep", {.max_body = 2'000'000, .upload_directory = scratch.path()},
                [&](Request request, Response response) {
                  EXPECT_TRUE(request.body().empty());
                  ASSERT_NE(request.upload(), nullptr);
                  const std::string seen = request.upload()->head.substr(0, 3);
                  EXPECT_TRUE(request.keep_upload(scratch.path() / "kept"));
                  EXPECT_FALSE(request.keep_upload(scratch.path() / "twice"));
                  response.end(seen + std::to_string(request.upload()->size));
                });
  server->route("POST", "/look", {.max_body = 2'000'000, .upload_directory = scratch.path()},
                [&](Request request, Response response) {
                  EXPECT_EQ(content_of(request.upload()->path), "short");
                  { const Request gone = std::move(request); }
                  removed.put(true);
                  response.end("looked");
                });
  const auto serving = server.start();
  std::string large = "GIF";
  for (int i = 0; large.size() < 1'500'000; ++i)
    large += std::to_string(i);
  RawClient client(server.port());
  EXPECT_EQ(ask(client, "POST", "/keep", "", large).body, "GIF" + std::to_string(large.size()));
  EXPECT_EQ(content_of(scratch.path() / "kept"), large);
  EXPECT_EQ(ask(client, "POST", "/look", "", "short").body, "looked");
  EXPECT_TRUE(removed.take());
  EXPECT_EQ(files_in(scratch.path()), 1U) << "what was not kept is gone";
}

TEST_P(HttpTest, UploadOfAClientThatGoesLeavesNoFile) {
  const test::ScratchDirectory scratch;
  server->route("POST", "/", {.max_body = 2'000'000, .upload_directory = scratch.path()},
                [](Request, Response response) { response.end("whole"); });
  const auto serving = server.start();
  {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" +
                std::string(500'000, 'x'));
    client.reset();
  }
  RawClient large(server.port());
  large.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000001\r\n\r\n");
  EXPECT_EQ(read_answer(large).status, 413);
  EXPECT_EQ(ask(server.port(), "POST", "/", "", "y").body, "whole");
  server.destroy();  // all that was under way has ended
  EXPECT_EQ(files_in(scratch.path()), 0U);
}

TEST_P(HttpTest, UploadThatCannotBeWrittenAnswers500) {
  server->route("POST", "/", {.upload_directory = "/nowhere/at/all"},
                [](Request, Response response) { response.end(); });
  const auto serving = server.start();
  EXPECT_EQ(ask(server.port(), "POST", "/", "", "body").status, 500);
}

TEST_P(HttpTest, ServesAFolder) {
  const test::ScratchDirectory scratch;
  std::ofstream(scratch.path() / "page.html") << "<p>hello";
  server->directory("/files", scratch.path());
  const auto serving = server.start();
  RawClient client(server.port());
  const HttpAnswer page = ask(client, "GET", "/files/page.html");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<p>hello");
  EXPECT_EQ(ask(client, "GET", "/files/missing.html").status, 404);
  EXPECT_EQ(ask(client, "GET", "/files/").status, 404);
  std::ofstream(scratch.path() / "index.html") << "<p>index";
  EXPECT_EQ(ask(client, "GET", "/files/").body, "<p>index");
  EXPECT_NE(ask(client, "GET", "/files/..%2f..%2fetc%2fpasswd").status, 200);
}

TEST(HttpRoutes, AssetsMayHaveFieldsOfTheirOwn) {
  static constexpr Asset kFiles[] = {{"index.html", "hello", "text/html; charset=utf-8", "\"1\"", {}}};
  RunningServer server;
  server->asset_header("X-Kind", "all");
  server->assets("/all/", kFiles);
  server->assets("/own/", kFiles, {{"X-Own", "yes"}});
  const auto serving = server.start();
  RawClient client(server.port());
  const auto all = ask(client, "GET", "/all/");
  EXPECT_EQ(all.field("X-Kind"), "all");
  EXPECT_EQ(all.field("X-Own"), std::nullopt);
  const auto own = ask(client, "GET", "/own/index.html");
  EXPECT_EQ(own.body, "hello");
  EXPECT_EQ(own.field("X-Kind"), std::nullopt);
  EXPECT_EQ(own.field("X-Own"), "yes");
}

}  // namespace
}  // namespace naru
