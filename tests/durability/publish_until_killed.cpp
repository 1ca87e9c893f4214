// publish_until_killed FILE ROUND SENDERS: senders publish into a durable log as fast as they can, for as
// long as the process lives. Writes a journal (see check_history) to standard output: one system call per
// line, so that a line is out before the process can be killed in the next step.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "store/log_directory.hpp"
#include "store/sqlite_log_store.hpp"

using namespace naru;

namespace {

void note(const std::string& line) {
  // A pipe takes a line of this size whole or not at all.
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::_Exit(3);
}

void publish_for_ever(store::DurableLog& log, const std::string& sender) {
  for (std::uint64_t number = 1;; ++number) {
    const std::string text = sender + " " + std::to_string(number);
    note("sent " + text + "\n");
    channel::Message message;
    message.kind = channel::Kind::text;
    message.data = base::Frame::copy(text);
    const auto answer = [text](Result<store::Published> stored) {
      if (stored) note("acked " + text + "\n");
    };
    while (!log.publish(message, text, answer))
      std::this_thread::yield();  // the queue is full
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: publish_until_killed FILE ROUND SENDERS\n");
    return 2;
  }
  auto opened =
      store::SqliteLogStore::open({.file = arguments[1], .queue_bytes = 64 * 1024, .checkpoint_pages = 50});
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message().c_str());
    return 1;
  }
  store::LogOptions options;
  options.durability = store::Durability::power;
  store::LogDirectory directory(
      {.store = opened->get(), .resolve = [options](std::string_view) { return options; }});
  const auto log = directory.open("news");
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().message().c_str());
    return 1;
  }
  const int count_of_senders = std::atoi(arguments[3]);
  std::vector<std::thread> senders;
  senders.reserve(static_cast<std::size_t>(count_of_senders));
  for (int sender = 0; sender < count_of_senders; ++sender) {
    senders.emplace_back(publish_for_ever, std::ref(**log),
                         "r" + std::string(arguments[2]) + "s" + std::to_string(sender));
  }
  for (auto& sender : senders)
    sender.join();
}
