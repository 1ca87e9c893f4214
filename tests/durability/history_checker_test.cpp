#include "durability/history_checker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "support/scratch_directory.hpp"

namespace naru::test {
namespace {

// Two senders with five messages each; all are acknowledged but the last ones.
class HistoryCheckerTest : public testing::Test {
 protected:
  HistoryCheckerTest() {
    for (std::uint64_t number = 1; number <= 5; ++number) {
      for (const char* sender : {"a", "b"}) {
        checker_.sent(sender, number);
        if (number < 5) checker_.acknowledged(sender, number);
        good_.push_back({sender, number});
      }
    }
  }
  HistoryChecker checker_;
  std::vector<Line> good_;
};

TEST_F(HistoryCheckerTest, AcceptsAGoodHistory) {
  EXPECT_TRUE(checker_.check(good_).empty());
}

TEST_F(HistoryCheckerTest, AcceptsThatWhatWasNotAcknowledgedIsMissing) {
  std::erase_if(good_, [](const Line& line) { return line.number == 5; });
  EXPECT_TRUE(checker_.check(good_).empty());
}

TEST_F(HistoryCheckerTest, AcceptsAnyOrderBetweenSenders) {
  std::stable_sort(good_.begin(), good_.end(),
                   [](const Line& one, const Line& two) { return one.sender > two.sender; });
  EXPECT_TRUE(checker_.check(good_).empty());
}

TEST_F(HistoryCheckerTest, FindsEachLoss) {
  for (std::size_t i = 0; i < good_.size(); ++i) {
    auto history = good_;
    history.erase(history.begin() + static_cast<std::ptrdiff_t>(i));
    const auto faults = checker_.check(history);
    if (good_[i].number == 5) {
      EXPECT_TRUE(faults.empty());
    } else {
      ASSERT_EQ(faults.size(), 1u);
      EXPECT_NE(faults[0].find("lost"), std::string::npos);
    }
  }
}

TEST_F(HistoryCheckerTest, FindsEachRepeatWhereverItStands) {
  for (const Line& repeated : good_) {
    for (std::size_t at = 0; at <= good_.size(); ++at) {
      auto history = good_;
      history.insert(history.begin() + static_cast<std::ptrdiff_t>(at), repeated);
      const auto faults = checker_.check(history);
      ASSERT_FALSE(faults.empty());
      EXPECT_TRUE(std::any_of(faults.begin(), faults.end(),
                              [](const auto& fault) { return fault.find("more than once") != fault.npos; }));
    }
  }
}

TEST_F(HistoryCheckerTest, FindsEachSwapOfOneSender) {
  for (std::size_t i = 0; i + 2 < good_.size(); ++i) {
    auto history = good_;
    std::swap(history[i], history[i + 2]);
    const auto faults = checker_.check(history);
    ASSERT_EQ(faults.size(), 1u) << i;
    EXPECT_NE(faults[0].find("stands behind"), std::string::npos);
  }
}

TEST_F(HistoryCheckerTest, FindsTheInvented) {
  for (const Line& invented : {Line{"a", 6}, Line{"c", 1}}) {
    auto history = good_;
    history.push_back(invented);
    const auto faults = checker_.check(history);
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_NE(faults[0].find("never sent"), std::string::npos);
  }
}

class CheckHistoryProgram : public testing::Test {
 protected:
  // What check_history says of the two files: 0 good, 1 faults, 2 unreadable.
  int run(const std::string& journal, const std::string& history) {
    const std::string journal_file = scratch_.file("journal");
    const std::string history_file = scratch_.file("history");
    std::ofstream(journal_file) << journal;
    std::ofstream(history_file) << history;
    const std::string command =
        std::string(CHECKER) + " " + history_file + " " + journal_file + " > /dev/null 2>&1";
    return WEXITSTATUS(std::system(command.c_str()));
  }
  ScratchDirectory scratch_;
};

TEST_F(CheckHistoryProgram, AnswersByItsExitCode) {
  const std::string journal = "sent a 1\nacked a 1\nsent a 2\n";
  EXPECT_EQ(run(journal, "a 1\na 2\n"), 0);
  EXPECT_EQ(run(journal, "a 1\n"), 0);
  EXPECT_EQ(run(journal, "a 2\n"), 1);
  EXPECT_EQ(run(journal, "a 1\na 1\n"), 1);
  EXPECT_EQ(run(journal, "a 2\na 1\n"), 1);
  EXPECT_EQ(run(journal, "a 1\na 3\n"), 1);
  EXPECT_EQ(run(journal, "a one\n"), 2);
  EXPECT_EQ(run("heard a 1\n", "a 1\n"), 2);
  EXPECT_EQ(run("sent a 1\nacked a 1\nsent a 2\nacke", "a 1\n"), 0);  // killed while writing
}

}  // namespace
}  // namespace naru::test
