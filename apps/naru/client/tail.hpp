// Reads a channel without end: over lost connections and restarted servers, by its position.
//
//   Tail tail(std::move(reader), {.since = "last", .print = …}, stop);
//   Ending ending = tail.run();
//
// Each message is printed once: what comes again after a reconnect cannot, since the position says what was
// read.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "naru/client/channel_reader.hpp"

namespace apps {

// How long to wait before the next try: doubled from half a second to half a minute, and at random below
// that, so that a thousand clients of a restarted server do not come at once.
class Backoff {
 public:
  explicit Backoff(unsigned seed) : random_(seed) {}
  std::chrono::milliseconds next();
  void reset() { limit_ = kFirst; }

  static constexpr std::chrono::milliseconds kFirst{500};
  static constexpr std::chrono::milliseconds kMost{30'000};

 private:
  std::chrono::milliseconds limit_ = kFirst;
  std::minstd_rand random_;
};

struct TailOptions {
  std::string since = "last";
  std::uint64_t count = 0;  // messages; 0: without end
  // False: it could not be printed, so the reader ends before it.
  std::function<bool(std::string_view json)> print = {};
  std::function<void(const std::string& sentence)> say = {};       // for people: gaps, lost connections
  std::function<void(const std::string& position)> remember = {};  // after each step
  // Between two tries; true: stop was asked for. None: Stop::wait().
  std::function<bool(std::chrono::milliseconds)> wait = {};
};

class Tail final : private ReaderEvents {
 public:
  Tail(std::unique_ptr<ChannelReader> reader, TailOptions options, const Stop& stop);

  // Ends when stop is asked for, enough was read, or the server refuses.
  Ending run();
  // Where it stands; what `since` said while nothing was heard of the server.
  const std::string& position() const { return position_; }

 private:
  bool on_message(std::string_view json, std::string_view position) override;
  void on_position(std::string_view position) override;
  void on_gap(std::optional<std::uint64_t> missing) override;
  void stand_at(std::string_view position);

  std::unique_ptr<ChannelReader> reader_;
  const TailOptions options_;
  const Stop& stop_;
  std::string position_;
  std::uint64_t printed_ = 0;
  bool was_heard_ = false;  // since the last try
  Backoff backoff_;
};

}  // namespace apps
