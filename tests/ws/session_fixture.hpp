// A session with its client at the other end of a pipe, for the tests of the ws room.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/fake_clock.hpp"
#include "support/memory_pipe.hpp"
#include "ws/client_frames.hpp"
#include "ws/session.hpp"

namespace naru::ws {

// The client's end of the pipe.
struct Peer : base::StreamEvents {
  std::size_t on_bytes(std::span<char> read) override {
    bytes.append(read.data(), read.size());
    return read.size();
  }
  void on_end() override { has_ended = true; }
  void on_closed(std::error_code) override { is_closed = true; }
  std::string bytes;
  bool has_ended = false;
  bool is_closed = false;
};

struct Recorder : SessionEvents {
  void on_message(std::string_view data, bool binary) override {
    events.push_back((binary ? "binary " : "text ") + std::string(data));
    if (react) react(data);
  }
  void on_ping(std::string_view payload) override { events.push_back("ping " + std::string(payload)); }
  void on_pong(std::string_view payload) override { events.push_back("pong " + std::string(payload)); }
  void on_drain() override { events.emplace_back("drain"); }
  void on_closed(std::uint16_t code, std::string_view reason, bool clean) override {
    events.push_back("closed " + std::to_string(code) + " " + std::string(reason) +
                     (clean ? " clean" : " unclean"));
  }
  void on_deadline_changed() override { ++deadline_changes; }
  std::vector<std::string> events;
  int deadline_changes = 0;
  std::function<void(std::string_view)> react;
};

inline std::string server_text(std::string_view payload) {
  return std::string(encode_frame(Opcode::text, payload).view());
}
inline std::string server_close(std::uint16_t code, std::string_view reason = {}) {
  return std::string(encode_frame(Opcode::close, encode_close(code, reason).view()).view());
}
inline std::string server_pong(std::string_view payload) {
  return std::string(encode_frame(Opcode::pong, payload).view());
}
inline std::string client_close(std::uint16_t code, std::string_view reason = {}) {
  return client_control(Opcode::close, encode_close(code, reason).view());
}

class WebSocketSession : public ::testing::Test {
 protected:
  void start(const test::MemoryPipeOptions& pipe_options = {}) {
    pipe = std::make_unique<test::MemoryPipe>(pipe_options);
    pipe->right().set_events(&peer);
    session = std::make_unique<Session>(pipe->take_left(), options, recorder, clock);
  }
  void peer_sends(std::string_view bytes) {
    pipe->right().write(bytes);
    pipe->run();
  }
  void peer_ends() {
    pipe->right().shutdown();
    pipe->run();
  }
  void advance(base::Duration by) {
    clock.advance(by);
    session->tick(clock.now());
    pipe->run();
  }
  void echo() {
    recorder.react = [this](std::string_view data) { session->send(Opcode::text, data); };
  }

  SessionOptions options;
  test::FakeClock clock;
  Peer peer;
  Recorder recorder;
  std::unique_ptr<test::MemoryPipe> pipe;
  std::unique_ptr<Session> session;
};

}  // namespace naru::ws
