// A client and an Http1Session over a memory pipe, with a clock that tests move.
//
//   Harness http;
//   http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
//   EXPECT_EQ(http.statuses(), std::vector<int>{200});
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/http1_session.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_pipe.hpp"
#include "support/split_everywhere.hpp"

namespace naru::http {

// Writes down what an exchange tells.
struct BodyRecorder : ExchangeEvents {
  void on_body(std::string_view piece) override {
    body.append(piece);
    if (on_piece) on_piece();
  }
  void on_body_end() override {
    ++ends;
    if (on_whole) on_whole();
  }
  void on_abort() override {
    ++aborts;
    if (on_gone) on_gone();
  }
  void on_writable() override { ++writable; }

  std::string body;
  int ends = 0;
  int aborts = 0;
  int writable = 0;
  std::function<void()> on_piece;
  std::function<void()> on_whole;
  std::function<void()> on_gone;
};

class Harness : public Http1Owner {
 public:
  using Handler = std::function<void(Exchange&)>;

  explicit Harness(Http1Limits chosen = {}, test::MemoryPipeOptions options = {})
      : limits(chosen), pipe(options), client(pipe.right()) {
    session = std::make_unique<Http1Session>(pipe.take_left(), *this, limits, clock);
  }

  void send(std::string_view bytes) {
    pipe.right().write(bytes);
    pipe.run();
    tick();
  }
  void end() {
    pipe.right().shutdown();
    pipe.run();
    tick();
  }
  // Moves the time and rings the timer when it is due, as a loop does.
  void advance(base::Duration by) {
    clock.advance(by);
    tick();
  }
  void tick() {
    for (int rings = 0; session && !is_over && session->deadline() <= clock.now(); ++rings) {
      ASSERT_LT(rings, 100) << "the deadline never moves on";
      session->tick(clock.now());
      pipe.run();
    }
    pipe.run();
  }

  // Of all answers that have come, interim ones too.
  std::vector<int> statuses() const {
    std::vector<int> found;
    constexpr std::string_view kStart = "HTTP/1.1 ";
    for (std::size_t at = 0; (at = client.bytes.find(kStart, at)) != std::string::npos; ++at)
      found.push_back(std::stoi(client.bytes.substr(at + kStart.size(), 3)));
    return found;
  }
  bool has_line(std::string_view line) const {
    return client.bytes.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }
  std::string body() const {
    const std::size_t at = client.bytes.rfind("\r\n\r\n");
    return at == std::string::npos ? std::string() : client.bytes.substr(at + 4);
  }

  void on_request(Http1Session&, Exchange& exchange) override {
    ++requests;
    paths.emplace_back(exchange.head().path());
    last = &exchange;
    if (handler) return handler(exchange);
    echo(exchange);
  }
  bool belongs_elsewhere(const RequestHead& head) override { return is_elsewhere && is_elsewhere(head); }
  void on_deadline_changed(Http1Session&) override { ++deadline_changes; }
  void on_session_over(Http1Session&) override {
    EXPECT_FALSE(is_over) << "over twice";
    is_over = true;
  }
  void on_refused(Http1Session&, int status, std::string_view reason) override {
    refused.push_back(status);
    refused_because = reason;
  }

  // Answers with the request's body, when it is whole.
  void echo(Exchange& exchange) {
    auto events = std::make_shared<BodyRecorder>();
    events->on_whole = [&exchange, recorder = events.get()] {
      exchange.respond(ResponseHead{200}, base::Slice::borrowed(recorder->body));
    };
    recorders.push_back(events);
    exchange.set_events(events.get());
  }

  const Http1Limits limits;
  test::FakeClock clock;
  test::MemoryPipe pipe;
  test::StreamRecorder client;
  std::unique_ptr<Http1Session> session;
  Handler handler;
  std::function<bool(const RequestHead&)> is_elsewhere;
  std::vector<std::shared_ptr<BodyRecorder>> recorders;
  Exchange* last = nullptr;  // until it is done
  std::vector<std::string> paths;
  int requests = 0;
  int deadline_changes = 0;
  bool is_over = false;
  std::vector<int> refused;
  std::string refused_because;
};

inline std::string get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}
inline std::string post(std::string_view fields, std::string_view body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

}  // namespace naru::http
