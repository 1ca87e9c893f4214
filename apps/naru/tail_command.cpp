#include "naru/tail_command.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "naru/client/connection_flags.hpp"
#include "naru/client/position_file.hpp"
#include "naru/client/tail.hpp"
#include "naru/exit_codes.hpp"

namespace apps {
namespace {

const std::map<std::string, Transport> kTransports = {
    {"poll", Transport::poll},        {"longpoll", Transport::longpoll},   {"stream", Transport::stream},
    {"sse", Transport::sse},          {"websocket", Transport::websocket}, {"ws", Transport::websocket},
    {"socketio", Transport::socketio}};

struct Call {
  ReaderOptions reader;
  std::string transport = "sse";
  std::string since = "last";
  std::string position_file;
  std::uint64_t count = 0;
  double interval = 1;  // seconds
};

void say(const std::string& sentence) {
  std::cerr << "naru tail: " << sentence << std::endl;
}

void tail(const Call& call) {
  Stop stop;
  stop.on_signals();
  std::signal(SIGPIPE, SIG_IGN);  // that whoever reads us has gone is said by std::cout
  std::optional<PositionFile> file;
  if (!call.position_file.empty()) file.emplace(call.position_file);
  TailOptions options{.since = call.since, .count = call.count};
  if (const auto kept = file ? file->read() : std::nullopt) options.since = *kept;
  options.print = [](std::string_view json) {
    std::cout << json << '\n' << std::flush;
    return !std::cout.fail();
  };
  options.say = say;
  options.remember = [&file](const std::string& position) {
    if (file) file->keep(position);
  };
  ReaderOptions reader = call.reader;
  reader.interval = std::chrono::milliseconds(static_cast<std::int64_t>(call.interval * 1000));
  Tail tail(make_reader(kTransports.at(call.transport), reader, stop), options, stop);
  const Ending ending = tail.run();
  if (ending.kind == Ending::Kind::refused) {
    say(ending.sentence);
    throw Exit{kRefused};
  }
  say("position: " + tail.position());
  if (std::cout.fail()) throw Exit{kFailed};
}

}  // namespace

void add_tail_command(CLI::App& app) {
  auto call = std::make_shared<Call>();
  CLI::App* command =
      app.add_subcommand("tail", "Print a channel's messages as they come, one JSON object a line");
  add_connection_flags(*command, call->reader.address);
  command->add_option("--transport", call->transport, "how to read it")
      ->check(CLI::IsMember({"sse", "ws", "websocket", "longpoll", "poll", "stream", "socketio"}))
      ->capture_default_str();
  command->add_option("--since", call->since, "a position; first: all that is kept; last: only what is new")
      ->capture_default_str();
  command->add_option("--from-file", call->position_file,
                      "go on at the position in this file, if it is there, and keep it there");
  command->add_option("--count", call->count, "end after so many messages; 0: never")->capture_default_str();
  command->add_option("--interval", call->interval, "seconds between two polls")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  command->callback([call] { tail(*call); });
}

}  // namespace apps
