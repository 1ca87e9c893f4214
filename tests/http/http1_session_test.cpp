#include "http/http1_session.hpp"

#include "http_harness.hpp"

namespace naru::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Duration kTick = milliseconds(1);

// --- answers ---

TEST(Http1Session, ASmallAnswerLeavesInOneWrite) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    ResponseHead head{200};
    head.add("Content-Type", "text/plain");
    exchange.respond(std::move(head), base::Slice::borrowed("hello"));
  };
  test::MemoryStream& server = http.pipe.left();
  http.send(get("/"));
  EXPECT_EQ(http.client.bytes,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
            "Content-Length: 5\r\n\r\nhello");
  EXPECT_EQ(server.writes(), 1U);
}

TEST(Http1Session, HeadHasNoBodyButItsLength) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.respond(ResponseHead{200}, base::Slice::borrowed("hello"));
  };
  http.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
  EXPECT_EQ(http.statuses(), (std::vector<int>{200, 200}));
  EXPECT_EQ(http.client.bytes.find("hello"), http.client.bytes.size() - 5) << "only GET's";
  EXPECT_TRUE(http.has_line("Content-Length: 5"));
}

TEST(Http1Session, HeadOfAStreamHasNoBody) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.start(ResponseHead{200}, std::nullopt);
    EXPECT_EQ(exchange.write(base::Slice::borrowed("hello")), base::WriteStatus::sent);
    exchange.finish();
  };
  http.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(http.body(), "");
  EXPECT_TRUE(http.has_line("Transfer-Encoding: chunked"));
}

TEST(Http1Session, BodilessStatusesHaveNeitherBodyNorLength) {
  for (const int status : {204, 304}) {
    Harness http;
    http.handler = [&](Exchange& exchange) {
      exchange.respond(ResponseHead{status}, base::Slice::borrowed("hello"));
    };
    http.send(get("/"));
    EXPECT_EQ(http.body(), "");
    EXPECT_EQ(http.client.bytes.find("Content-Length"), std::string::npos);
  }
}

TEST(Http1Session, PipelinedRequestsWaitForTheirTurn) {
  Harness http;
  http.handler = [](Exchange&) {};
  http.send(get("/1") + get("/2"));
  EXPECT_EQ(http.requests, 1);
  EXPECT_EQ(http.last->head().path(), "/1");
  http.last->respond(ResponseHead{201});
  http.pipe.run();
  EXPECT_EQ(http.requests, 2);
  EXPECT_EQ(http.last->head().path(), "/2");
  http.last->respond(ResponseHead{202});
  http.pipe.run();
  EXPECT_EQ(http.statuses(), (std::vector<int>{201, 202}));
  EXPECT_TRUE(http.session->is_idle());
}

TEST(Http1Session, APeerThatDoesNotReadItsAnswersIsNotReadEither) {
  Http1Limits limits;
  limits.max_unsent = 1000;
  Harness http(limits, {.window = 1});
  http.pipe.right().pause_reading();
  http.handler = [](Exchange& exchange) {
    exchange.respond(ResponseHead{200}, base::Slice::borrowed(std::string(600, 'x')));
  };
  std::string many;
  for (int count = 0; count < 100; ++count)
    many += get("/");
  http.pipe.right().write(many);
  http.pipe.run();
  EXPECT_LE(http.requests, 3);
  http.pipe.right().resume_reading();
  http.pipe.run();
  EXPECT_EQ(http.requests, 100);
  EXPECT_EQ(http.statuses().size(), 100U);
}

TEST(Http1Session, TheSecondAnswerIsIgnored) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.respond(ResponseHead{200});
    EXPECT_TRUE(exchange.is_done());
    exchange.respond(ResponseHead{500});
    exchange.start(ResponseHead{500}, std::nullopt);
    EXPECT_EQ(exchange.write(base::Slice::borrowed("x")), base::WriteStatus::closed);
    exchange.finish();
    exchange.abort();
  };
  http.send(get("/"));
  EXPECT_EQ(http.statuses(), std::vector<int>{200});
  EXPECT_FALSE(http.is_over);
}

// --- streamed answers ---

TEST(Http1Session, AStreamIsChunked) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.start(ResponseHead{200}, std::nullopt);
    exchange.write(base::Slice::borrowed("hello"));
    exchange.write(base::Slice::borrowed(""));
    exchange.write(base::Slice::borrowed(std::string(26, 'x')));
    exchange.finish();
  };
  http.send(get("/") + get("/"));
  EXPECT_EQ(http.statuses().size(), 2U) << "the connection goes on";
  EXPECT_TRUE(http.has_line("Transfer-Encoding: chunked"));
  EXPECT_NE(http.client.bytes.find("\r\n\r\n5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n"),
            std::string::npos);
}

TEST(Http1Session, AStreamOfHttp10LastsUntilTheEnd) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.start(ResponseHead{200}, std::nullopt);
    exchange.write(base::Slice::borrowed("hello"));
    exchange.finish();
  };
  http.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(http.body(), "hello");
  EXPECT_TRUE(http.has_line("Connection: close"));
  EXPECT_TRUE(http.client.has_ended);
}

TEST(Http1Session, APromisedLengthIsKept) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.start(ResponseHead{200}, 5);
    exchange.write(base::Slice::borrowed("hel"));
    exchange.write(base::Slice::borrowed("lo, and more"));
    exchange.finish();
  };
  http.send(get("/"));
  EXPECT_EQ(http.body(), "hello");
  EXPECT_FALSE(http.is_over);
}

TEST(Http1Session, AnAnswerShorterThanPromisedCutsTheConnection) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.start(ResponseHead{200}, 5);
    exchange.write(base::Slice::borrowed("hel"));
    exchange.finish();
  };
  http.send(get("/"));
  EXPECT_TRUE(http.is_over);
  EXPECT_TRUE(http.client.closed);
}

TEST(Http1Session, AStreamIsToldWhenItMayWriteAgain) {
  Harness http({}, {.window = 10});
  BodyRecorder events;
  http.handler = [&](Exchange& exchange) {
    exchange.set_events(&events);
    exchange.start(ResponseHead{200}, std::nullopt);
  };
  http.pipe.right().pause_reading();
  http.send(get("/"));
  EXPECT_EQ(http.last->write(base::Slice::borrowed("hello")), base::WriteStatus::buffered);
  EXPECT_GT(http.last->buffered(), 0U);
  http.pipe.right().resume_reading();
  http.pipe.run();
  EXPECT_EQ(events.writable, 1);
  EXPECT_EQ(http.last->buffered(), 0U);
}

TEST(Http1Session, WhoWroteNothingIsToldNothing) {
  Harness http({}, {.window = 10});
  BodyRecorder events;
  http.handler = [&](Exchange& exchange) {
    if (exchange.head().path() == "/1") return exchange.respond(ResponseHead{200});
    exchange.set_events(&events);
  };
  http.pipe.right().pause_reading();
  http.send(get("/1") + get("/2"));
  http.pipe.right().resume_reading();
  http.pipe.run();
  EXPECT_EQ(http.requests, 2);
  EXPECT_EQ(http.statuses(), std::vector<int>{200});
  EXPECT_EQ(events.writable, 0) << "the first answer was another's";
}

// --- bodies ---

TEST(Http1Session, TheBodyFlowsOnlyWithEvents) {
  Harness http;
  http.handler = [](Exchange&) {};
  http.send(post("Content-Length: 10\r\nExpect: 100-continue\r\n", "hello"));
  EXPECT_EQ(http.client.bytes, "");
  BodyRecorder events;
  http.last->set_events(&events);
  EXPECT_EQ(events.body, "") << "never from inside a call";
  http.tick();
  EXPECT_EQ(http.statuses(), std::vector<int>{100});
  EXPECT_EQ(events.body, "hello");
  EXPECT_EQ(events.ends, 0);
  http.send("world");
  EXPECT_EQ(events.body, "helloworld");
  EXPECT_EQ(events.ends, 1);
}

// Whoever waits for a verdict listens for the client's end, and does not want the body yet.
TEST(Http1Session, NoContinueWhileTheBodyIsPaused) {
  Harness http;
  http.handler = [](Exchange&) {};
  http.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  BodyRecorder events;
  http.last->pause_body();
  http.last->set_events(&events);
  http.tick();
  EXPECT_EQ(http.client.bytes, "");
  http.last->resume_body();
  http.tick();
  EXPECT_EQ(http.statuses(), std::vector<int>{100});
  http.send("hello");
  EXPECT_EQ(events.body, "hello");
  http.last->pause_body();
  http.last->resume_body();
  http.tick();
  EXPECT_EQ(http.statuses(), std::vector<int>{100}) << "once";
}

TEST(Http1Session, ARefusalWhileTheBodyIsPausedIsNoContinue) {
  Harness http;
  http.handler = [](Exchange&) {};
  http.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  BodyRecorder events;
  http.last->pause_body();
  http.last->set_events(&events);
  http.tick();
  http.last->respond(ResponseHead{403});
  http.tick();
  EXPECT_EQ(http.statuses(), std::vector<int>{403});
  EXPECT_TRUE(http.has_line("Connection: close")) << "the body may come or not";
}

TEST(Http1Session, LateEventsOfABodilessRequestLearnOfItsEnd) {
  Harness http;
  http.handler = [](Exchange&) {};
  http.send(get("/"));
  BodyRecorder events;
  http.last->set_events(&events);
  EXPECT_EQ(events.ends, 0);
  http.tick();
  EXPECT_EQ(events.ends, 1);
}

TEST(Http1Session, APausedBodyStaysWithThePeerAndHasTime) {
  Harness http({}, {.max_tail = 100});
  BodyRecorder events;
  events.on_piece = [&] { http.last->pause_body(); };
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(post("Content-Length: 3000\r\n", std::string(3000, 'x')));
  const std::size_t first = events.body.size();
  EXPECT_LE(first, 200U);
  http.advance(seconds(1000));
  EXPECT_EQ(http.statuses(), std::vector<int>{}) << "our pause costs the peer no time";
  EXPECT_EQ(events.body.size(), first);
  events.on_piece = nullptr;
  http.last->resume_body();
  http.tick();
  EXPECT_EQ(events.body.size(), 3000U);
  EXPECT_EQ(events.ends, 1);
}

TEST(Http1Session, APausedBodyIsNotLostWhenThePeerEnds) {
  Harness http;
  BodyRecorder events;
  events.on_piece = [&] { http.last->pause_body(); };
  events.on_whole = [&] { http.last->respond(ResponseHead{200}); };
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"));
  EXPECT_EQ(events.body, "hello");
  http.end();
  EXPECT_EQ(events.aborts, 0);
  events.on_piece = nullptr;
  http.last->resume_body();
  http.tick();
  EXPECT_EQ(events.body, "helloworld");
  EXPECT_EQ(http.statuses(), std::vector<int>{200});
}

TEST(Http1Session, TheBodyLimitIsExact) {
  for (const bool is_chunked : {false, true}) {
    for (const int over : {0, 1}) {
      SCOPED_TRACE(std::to_string(is_chunked) + " " + std::to_string(over));
      Harness http;
      BodyRecorder events;
      bool was_too_large = false;
      events.on_gone = [&] { was_too_large = http.last->body_was_too_large(); };
      events.on_whole = [&] { http.last->respond(ResponseHead{200}); };
      http.handler = [&](Exchange& exchange) {
        exchange.set_body_limit(100);
        exchange.set_events(&events);
      };
      const std::string body(100 + static_cast<std::size_t>(over), 'x');
      std::string chunks = "32\r\n";
      chunks.append(body, 0, 50)
          .append(over ? "\r\n33\r\n" : "\r\n32\r\n")
          .append(body, 50)
          .append("\r\n0\r\n\r\n");
      http.send(is_chunked ? post("Transfer-Encoding: chunked\r\n", chunks)
                           : post("Content-Length: " + std::to_string(body.size()) + "\r\n", body));
      EXPECT_EQ(http.statuses(), std::vector<int>{over ? 413 : 200});
      EXPECT_EQ(http.body(), "");
      EXPECT_EQ(was_too_large, over == 1);
      EXPECT_EQ(events.ends, 1 - over);
      EXPECT_EQ(http.client.has_ended, over == 1);
    }
  }
}

TEST(Http1Session, ALimitMayBeRaisedForOneRequest) {
  Http1Limits limits;
  limits.body.max_body = 10;
  Harness http(limits);
  http.handler = [&](Exchange& exchange) {
    if (exchange.head().path() == "/echo") exchange.set_body_limit(20);
    http.echo(exchange);
  };
  http.send(post("Content-Length: 20\r\n", std::string(20, 'x')));
  http.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(http.statuses(), (std::vector<int>{200, 413}));
}

TEST(Http1Session, NoContinueForABodyThatIsTooLarge) {
  Harness http;
  http.send(post("Content-Length: 1000001\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(http.statuses(), std::vector<int>{413});
}

TEST(Http1Session, AnEarlyAnswerThrowsTheRestOfTheBodyAway) {
  Harness http;
  http.handler = [](Exchange& exchange) { exchange.respond(ResponseHead{404}); };
  http.send(post("Content-Length: 10\r\n", "hello"));
  EXPECT_EQ(http.statuses(), std::vector<int>{404});
  http.send("world" + post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n") + get("/"));
  EXPECT_EQ(http.statuses(), (std::vector<int>{404, 404, 404}));
  EXPECT_FALSE(http.client.has_ended);
}

TEST(Http1Session, AnEarlyAnswerToALargeBodyEnds) {
  for (const std::uint64_t over : {0, 1}) {
    Harness http;
    http.handler = [](Exchange& exchange) { exchange.respond(ResponseHead{404}); };
    http.send(post("Content-Length: " + std::to_string(http.limits.max_drain + over) + "\r\n", "hello"));
    EXPECT_EQ(http.has_line("Connection: close"), over == 1);
    EXPECT_EQ(http.client.has_ended, over == 1);
    EXPECT_FALSE(http.client.closed);
  }
}

TEST(Http1Session, ChunksWithoutEndAfterAnEarlyAnswerEnd) {
  Harness http;
  http.handler = [](Exchange& exchange) { exchange.respond(ResponseHead{404}); };
  http.send(post("Transfer-Encoding: chunked\r\n", ""));
  EXPECT_FALSE(http.client.has_ended);
  http.send("80000\r\n");
  EXPECT_EQ(http.statuses(), std::vector<int>{404});
  EXPECT_TRUE(http.client.has_ended);
}

TEST(Http1Session, AnAnswerInsteadOfContinueEnds) {
  Harness http;
  http.handler = [](Exchange& exchange) { exchange.respond(ResponseHead{403}); };
  http.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(http.statuses(), std::vector<int>{403});
  EXPECT_TRUE(http.has_line("Connection: close")) << "the body may come or not";
}

TEST(Http1Session, AStreamInsteadOfContinueEnds) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    exchange.start(ResponseHead{403}, std::nullopt);
    exchange.finish();
  };
  http.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  EXPECT_TRUE(http.has_line("Connection: close"));
  EXPECT_TRUE(http.client.has_ended);
}

// --- ends ---

TEST(Http1Session, APeerThatGoesAbortsThePendingExchange) {
  for (const bool is_reset : {false, true}) {
    Harness http;
    BodyRecorder events;
    http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
    http.send(get("/"));
    EXPECT_EQ(events.ends, 1);
    if (is_reset) {
      http.pipe.right().abort();
    } else {
      http.pipe.right().shutdown();
    }
    http.pipe.run();
    EXPECT_EQ(events.aborts, 1);
    EXPECT_TRUE(http.is_over);
    EXPECT_EQ(http.statuses(), std::vector<int>{});
  }
}

TEST(Http1Session, APeerThatGoesBehindPipelinedRequestsIsNoticed) {
  Harness http;
  BodyRecorder events;
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(get("/1") + get("/2"));
  http.end();
  EXPECT_EQ(events.aborts, 1);
  EXPECT_EQ(http.requests, 1);
  EXPECT_TRUE(http.is_over);
}

TEST(Http1Session, AnEndBehindARequestThatIsAnsweredAtOnceIsNoAbort) {
  Harness http;
  http.pipe.right().write(get("/1") + get("/2"));
  http.pipe.right().shutdown();
  http.pipe.run();
  EXPECT_EQ(http.statuses(), (std::vector<int>{200, 200}));
  EXPECT_TRUE(http.is_over);
}

TEST(Http1Session, AnEndInsideAHead) {
  Harness http;
  http.send("GET / HT");
  http.end();
  EXPECT_EQ(http.statuses(), std::vector<int>{400});
  EXPECT_TRUE(http.is_over);
}

TEST(Http1Session, AnAnswerThatClosesEnds) {
  Harness http;
  http.handler = [](Exchange& exchange) {
    ResponseHead head{400};
    head.add("Connection", "close");
    exchange.respond(std::move(head), base::Slice::borrowed("no"));
  };
  http.send(get("/") + get("/"));
  EXPECT_EQ(http.statuses(), std::vector<int>{400});
  EXPECT_TRUE(http.client.has_ended);
  EXPECT_FALSE(http.is_over) << "until the peer ends";
  http.advance(http.limits.linger_timeout - kTick);
  EXPECT_FALSE(http.is_over);
  http.advance(kTick);
  EXPECT_TRUE(http.is_over) << "or its time is over";
}

TEST(Http1Session, WhatIsThrownAwayHasALimit) {
  Http1Limits limits;
  limits.max_linger = 1000;
  Harness http(limits);
  http.send("nonsense\r\n");
  EXPECT_EQ(http.statuses(), std::vector<int>{400});
  http.send(std::string(1000, 'x'));
  EXPECT_FALSE(http.is_over);
  http.send("x");
  EXPECT_TRUE(http.is_over);
}

TEST(Http1Session, AbortCutsTheConnection) {
  Harness http;
  BodyRecorder events;
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(get("/"));
  http.last->abort();
  http.pipe.run();
  EXPECT_TRUE(http.is_over);
  EXPECT_TRUE(http.client.closed);
  EXPECT_EQ(events.aborts, 0) << "who aborts knows";
}

TEST(Http1Session, CloseWhenIdleEndsAtOnceOrBehindTheAnswer) {
  {
    Harness http;
    http.session->close_when_idle();
    http.pipe.run();
    EXPECT_TRUE(http.client.has_ended);
  }
  {
    Harness http;
    http.handler = [](Exchange&) {};
    http.send(get("/") + get("/"));
    http.session->close_when_idle();
    http.pipe.run();
    EXPECT_FALSE(http.client.has_ended);
    http.last->respond(ResponseHead{200});
    http.pipe.run();
    EXPECT_EQ(http.requests, 1);
    EXPECT_TRUE(http.has_line("Connection: close"));
    EXPECT_TRUE(http.client.has_ended);
  }
  {
    Harness http;
    http.send("GET / HTTP/1.1\r\n");
    http.session->close_when_idle();
    http.send("Host: a\r\n\r\n");
    EXPECT_TRUE(http.has_line("Connection: close"));
  }
}

// --- upgrade ---

TEST(Http1Session, AnUpgradeGivesTheStreamAwayWithItsUnreadBytes) {
  Harness http;
  std::unique_ptr<base::ByteStream> stream;
  http.handler = [&](Exchange& exchange) {
    EXPECT_TRUE(exchange.head().wants_upgrade("websocket"));
    ResponseHead head{101};
    head.add("Upgrade", "websocket");
    head.add("Connection", "Upgrade");
    stream = exchange.upgrade(std::move(head));
  };
  http.send(get("/", "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n") + "frames");
  ASSERT_NE(stream, nullptr);
  EXPECT_TRUE(http.is_over);
  EXPECT_EQ(http.client.bytes,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n\r\n");
  test::StreamRecorder owner(*stream);
  http.pipe.run();
  EXPECT_EQ(owner.bytes, "frames");
}

TEST(Http1Session, AnUpgradeMayComeLater) {
  Harness http;
  http.handler = [](Exchange&) {};
  http.send(get("/", "Upgrade: x\r\nConnection: Upgrade\r\n") + "frames");
  const std::unique_ptr<base::ByteStream> stream = http.last->upgrade(ResponseHead{101});
  EXPECT_TRUE(http.is_over);
  test::StreamRecorder owner(*stream);
  http.pipe.run();
  EXPECT_EQ(owner.bytes, "frames");
}

// --- another loop ---

TEST(Http1Session, ARequestForAnotherLoopIsKeptUntilItMoved) {
  Harness http;
  http.is_elsewhere = [](const RequestHead& head) { return head.path() == "/there"; };
  http.send(get("/here") + get("/there") + get("/next"));
  EXPECT_EQ(http.requests, 1);
  EXPECT_FALSE(http.session->is_idle());
  EXPECT_EQ(http.session->deadline(), base::kNever);
  http.is_elsewhere = nullptr;
  http.session->dispatch_kept();
  http.pipe.run();
  EXPECT_EQ(http.paths, (std::vector<std::string>{"/here", "/there", "/next"}));
  EXPECT_EQ(http.statuses(), (std::vector<int>{200, 200, 200}));
}

TEST(Http1Session, AKeptRequestWithABodyKeepsItsBody) {
  Harness http;
  http.is_elsewhere = [](const RequestHead&) { return true; };
  http.send(post("Content-Length: 5\r\n", "hello"));
  EXPECT_EQ(http.requests, 0);
  http.session->dispatch_kept();
  http.tick();
  EXPECT_EQ(http.body(), "hello");
}

TEST(Http1Session, APeerThatGoesWhileItsRequestIsKept) {
  Harness http;
  BodyRecorder events;
  http.is_elsewhere = [](const RequestHead&) { return true; };
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(get("/"));
  http.end();
  EXPECT_FALSE(http.is_over);
  http.session->dispatch_kept();
  http.tick();
  EXPECT_EQ(events.aborts, 1);
  EXPECT_TRUE(http.is_over);
}

// --- time ---

TEST(Http1Session, AnIdleConnectionEndsSilently) {
  Harness http;
  http.advance(http.limits.idle_timeout - kTick);
  EXPECT_FALSE(http.client.has_ended);
  http.send(get("/"));
  http.advance(http.limits.idle_timeout - kTick);
  EXPECT_FALSE(http.client.has_ended);
  http.advance(kTick);
  EXPECT_TRUE(http.client.has_ended);
  EXPECT_EQ(http.statuses(), std::vector<int>{200});
  EXPECT_TRUE(http.refused.empty());
}

TEST(Http1Session, ABodyThatStallsIsAnsweredWith408) {
  Harness http;
  http.send(post("Content-Length: 100000\r\n", std::string(50000, 'x')));  // enough to earn 50 seconds
  http.advance(http.limits.body_timeout - kTick);
  EXPECT_EQ(http.statuses(), std::vector<int>{});
  http.advance(kTick);
  EXPECT_EQ(http.statuses(), std::vector<int>{408});
  EXPECT_EQ(http.recorders.at(0)->aborts, 1);
}

TEST(Http1Session, ABodyThatTricklesIsCutOffAndASlowOneIsNot) {
  for (const std::size_t rate : {10, 2000}) {
    Harness http;
    http.send(post("Content-Length: 100000\r\n", ""));
    int seconds_lived = 0;
    for (; seconds_lived < 50 && http.statuses().empty(); ++seconds_lived) {
      http.send(std::string(rate, 'x'));
      http.advance(seconds(1));
    }
    EXPECT_EQ(http.statuses(), std::vector<int>{rate == 10 ? 408 : 200});
    EXPECT_EQ(seconds_lived, rate == 10 ? 10 : 50);
  }
}

TEST(Http1Session, WhatCameBeforeAPauseEarnsNoTime) {
  Harness http;
  BodyRecorder events;
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(post("Content-Length: 100000\r\n", std::string(50000, 'x')));
  http.last->pause_body();
  http.last->resume_body();
  int seconds_lived = 0;
  for (; seconds_lived < 50 && http.statuses().empty(); ++seconds_lived) {
    http.send("x");
    http.advance(seconds(1));
  }
  EXPECT_EQ(seconds_lived, 10);
}

TEST(Http1Session, AnAnswerMayTakeAnyTime) {
  Harness http;
  http.handler = [&](Exchange& exchange) {
    http.recorders.push_back(std::make_shared<BodyRecorder>());
    exchange.set_events(http.recorders.back().get());
  };
  http.send(get("/"));
  EXPECT_EQ(http.session->deadline(), base::kNever);
  http.advance(std::chrono::hours(1));
  http.last->respond(ResponseHead{200});
  http.pipe.run();
  EXPECT_EQ(http.statuses(), std::vector<int>{200});
}

TEST(Http1Session, APeerThatTakesNothingIsCutOff) {
  Harness http({}, {.window = 10});
  BodyRecorder events;
  http.handler = [&](Exchange& exchange) {
    exchange.set_events(&events);
    exchange.start(ResponseHead{200}, std::nullopt);
    exchange.write(base::Slice::borrowed("hello"));
  };
  http.pipe.right().pause_reading();
  http.send(get("/"));
  http.advance(http.limits.send_timeout - kTick);
  EXPECT_FALSE(http.is_over);
  http.advance(kTick);
  EXPECT_TRUE(http.is_over);
  EXPECT_EQ(events.aborts, 1);
}

TEST(Http1Session, AnAnswerMayHaveMorePatienceThanTheConnection) {
  constexpr base::Duration kPatience = seconds(300);
  Harness http({}, {.window = 10});
  Exchange* waiting = nullptr;
  http.handler = [&](Exchange& exchange) {
    waiting = &exchange;
    exchange.start(ResponseHead{200}, std::nullopt);
    exchange.write(base::Slice::borrowed("hello"));
    exchange.set_send_timeout(kPatience);
  };
  http.pipe.right().pause_reading();
  http.send(get("/"));
  http.advance(kPatience - kTick);
  EXPECT_FALSE(http.is_over);
  // The goodbye has less of it again, and all of that.
  waiting->set_send_timeout(seconds(10));
  http.advance(seconds(10) - kTick);
  EXPECT_FALSE(http.is_over);
  http.advance(kTick);
  EXPECT_TRUE(http.is_over);
}

TEST(Http1Session, APeerThatTakesSlowlyIsNotCutOff) {
  Harness http({}, {.window = 10, .max_read = 10});
  http.handler = [](Exchange& exchange) {
    ResponseHead head{200};
    head.add("Connection", "close");
    exchange.respond(std::move(head), base::Slice::borrowed(std::string(100, 'x')));
  };
  http.pipe.right().pause_reading();
  http.send(get("/"));
  while (http.body().size() < 100 && !http.is_over) {
    http.clock.advance(http.limits.send_timeout - kTick);
    http.pipe.right().resume_reading();
    http.pipe.step();  // ten bytes
    http.pipe.right().pause_reading();
    if (http.session->deadline() <= http.clock.now()) http.session->tick(http.clock.now());
  }
  EXPECT_EQ(http.body(), std::string(100, 'x'));
}

TEST(Http1Session, LingeringBeginsWhenTheAnswerHasLeft) {
  Harness http({}, {.window = 10});
  http.handler = [](Exchange& exchange) {
    ResponseHead head{200};
    head.add("Connection", "close");
    exchange.respond(std::move(head), base::Slice::borrowed("hello"));
  };
  http.pipe.right().pause_reading();
  http.send(get("/"));
  http.advance(seconds(10));
  http.pipe.right().resume_reading();
  http.pipe.run();
  EXPECT_EQ(http.body(), "hello");
  http.advance(http.limits.linger_timeout - kTick);
  EXPECT_FALSE(http.is_over);
  http.advance(kTick);
  EXPECT_TRUE(http.is_over);
}

TEST(Http1Session, EveryDeadlineLiesInTheFuture) {
  Harness http;
  for (const std::string& piece :
       {get("/"), std::string("GET"), std::string(" / HTTP/1.1\r\nHost: a\r\n\r\n"),
        post("Content-Length: 2\r\n", "a"), std::string("b"), std::string("bad\r\n")}) {
    http.send(piece);
    EXPECT_GT(http.session->deadline(), http.clock.now()) << piece;
    http.advance(seconds(1));
  }
}

TEST(Http1Session, AnIdleSessionIsSmall) {
  EXPECT_LE(sizeof(Http1Session), 160U);
}

// --- what users do inside events ---

TEST(Http1Session, AnAnswerInsideTheBodyStopsIt) {
  Harness http;
  BodyRecorder events;
  events.on_piece = [&] { http.last->respond(ResponseHead{400}); };
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n1\r\nb\r\n0\r\n\r\n"));
  EXPECT_EQ(events.body, "a");
  EXPECT_EQ(events.ends, 0);
  EXPECT_EQ(http.statuses(), std::vector<int>{400});
  EXPECT_TRUE(http.session->is_idle());
}

TEST(Http1Session, AnAbortInsideTheBody) {
  Harness http;
  BodyRecorder events;
  events.on_piece = [&] { http.last->abort(); };
  http.handler = [&](Exchange& exchange) { exchange.set_events(&events); };
  http.send(post("Content-Length: 5\r\n", "hello") + get("/"));
  EXPECT_EQ(http.requests, 1);
  EXPECT_TRUE(http.is_over);
  EXPECT_EQ(events.aborts, 0);
}

TEST(Http1Session, TheHeadMayBeGivenAwayBeforeTheAnswer) {
  Harness http;
  RequestHead kept;
  http.handler = [&](Exchange& exchange) {
    kept = exchange.take_head();
    EXPECT_EQ(exchange.head().method(), "");
    exchange.respond(ResponseHead{200}, base::Slice::borrowed("hello"));
  };
  http.send("HEAD /a?b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.target(), "/a?b");
  EXPECT_EQ(http.body(), "") << "it was HEAD";
  EXPECT_TRUE(http.has_line("Connection: keep-alive"));
}

}  // namespace
}  // namespace naru::http
