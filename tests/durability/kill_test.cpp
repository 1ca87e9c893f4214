// kill -9 while ten senders publish as fast as they can, several times on one file.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "durability/history_checker.hpp"
#include "store/sqlite_log_store.hpp"
#include "support/scratch_directory.hpp"

namespace naru::test {
namespace {

int rounds() {
  return std::getenv("NARU_LONG") != nullptr ? 100 : 5;
}

// Runs the publisher until it has written `lines` lines, kills it, and returns all that it wrote.
std::string run_and_kill(const std::string& file, int round, std::size_t lines) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::string program = PUBLISHER;
  std::string path = file;
  std::string number = std::to_string(round);
  std::string senders = "10";
  char* arguments[] = {program.data(), path.data(), number.data(), senders.data(), nullptr};
  pid_t process = 0;
  EXPECT_EQ(posix_spawn(&process, program.c_str(), &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string journal;
  std::size_t seen = 0;
  char bytes[4096];
  for (ssize_t size = 0; (size = read(ends[0], bytes, sizeof bytes)) > 0;) {
    journal.append(bytes, static_cast<std::size_t>(size));
    const std::size_t before = seen;
    seen += static_cast<std::size_t>(std::count(bytes, bytes + size, '\n'));
    if (before < lines && seen >= lines) kill(process, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the publisher ended by itself";
  return journal;
}

std::vector<Line> read_history(const std::string& file) {
  auto store = store::SqliteLogStore::open({.file = file});
  EXPECT_TRUE(store) << store.error().message();
  const auto log = (*store)->open("news", {}, store::IfMissing::create);
  EXPECT_TRUE(log);
  std::string text;
  std::vector<channel::PublicationRef> page(1000);
  for (std::uint64_t after = 0;;) {
    const auto count = (*log)->read_forward(after, page);
    EXPECT_TRUE(count);
    if (!count || *count == 0) break;
    for (std::size_t i = 0; i < *count; ++i)
      text += std::string(page[i]->message.data.view()) + "\n";
    after = page[*count - 1]->position.offset;
  }
  std::istringstream in(text);
  std::vector<Line> history;
  EXPECT_EQ(HistoryChecker::read_history(in, history), "");
  return history;
}

TEST(Kill, WhatWasAcknowledgedIsThereExactlyOnceAndInOrder) {
  const ScratchDirectory scratch;
  const std::string file = scratch.file("naru.db");
  HistoryChecker checker;
  for (int round = 0; round < rounds(); ++round) {
    std::istringstream journal(run_and_kill(file, round, 300 + 517 * static_cast<std::size_t>(round % 7)));
    ASSERT_EQ(checker.read_journal(journal), "");
    const auto history = read_history(file);
    const auto faults = checker.check(history);
    ASSERT_TRUE(faults.empty()) << faults.size() << " faults in round " << round
                                << ", the first: " << faults[0];
  }
  EXPECT_GT(checker.acknowledged_count(), 100u);
}

}  // namespace
}  // namespace naru::test
