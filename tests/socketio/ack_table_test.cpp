#include "socketio/ack_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "naru/errc.hpp"
#include "support/fake_clock.hpp"

namespace naru::socketio {
namespace {

using std::chrono::seconds;

class AckTableTest : public testing::Test {
 protected:
  AckFunction note(std::string name) {
    return [this, name](Result<ArgsView> answer) {
      log_.push_back(name + ": " +
                     (answer ? answer->get<std::string>(0).value_or("-") : answer.error().message()));
    };
  }
  bool answer(std::uint64_t id, std::string text) {
    std::string slice = "\"" + text + "\"";
    std::string_view elements[] = {slice};
    return table_.resolve(id, ArgsView(elements));
  }
  using Log = std::vector<std::string>;

  test::FakeClock clock_;
  AckTable table_{3};
  Log log_;
};

TEST_F(AckTableTest, AnswersOnce) {
  EXPECT_TRUE(table_.add(7, note("seven"), clock_.now() + seconds(1)));
  EXPECT_TRUE(answer(7, "yes"));
  EXPECT_FALSE(answer(7, "again"));
  EXPECT_FALSE(answer(8, "who?"));
  EXPECT_EQ(log_, Log{"seven: yes"});
}

TEST_F(AckTableTest, TimesOutInOrderAtTheDeadline) {
  table_.add(2, note("two"), clock_.now() + seconds(1));
  table_.add(1, note("one"), clock_.now() + seconds(1));
  table_.add(3, note("three"), clock_.now() + seconds(5));
  EXPECT_EQ(table_.deadline(), clock_.now() + seconds(1));
  clock_.advance(seconds(1) - base::Duration(1));
  table_.tick(clock_.now());
  EXPECT_EQ(log_, Log{});
  clock_.advance(base::Duration(1));
  table_.tick(clock_.now());
  EXPECT_EQ(log_, (Log{"one: operation has timed out", "two: operation has timed out"}));
  EXPECT_EQ(table_.deadline(), clock_.now() + seconds(4));
  EXPECT_FALSE(answer(1, "late"));
}

TEST_F(AckTableTest, HasNoDeadlineWhenNobodyWaits) {
  EXPECT_EQ(table_.deadline(), base::kNever);
  table_.add(1, note("one"), clock_.now() + seconds(1));
  answer(1, "yes");
  EXPECT_EQ(table_.deadline(), base::kNever);
  // A deadline of before must not stay: the next one would be told too early.
  table_.add(2, note("two"), clock_.now() + seconds(9));
  EXPECT_EQ(table_.deadline(), clock_.now() + seconds(9));
}

TEST_F(AckTableTest, RefusesBeyondTheLimit) {
  for (std::uint64_t id : {1, 2, 3})
    EXPECT_TRUE(table_.add(id, note("in"), base::kNever));
  EXPECT_FALSE(table_.add(4, note("four"), base::kNever));
  EXPECT_EQ(log_, Log{"four: too many unanswered questions"});
  answer(1, "yes");
  EXPECT_TRUE(table_.add(5, note("five"), base::kNever));
}

TEST_F(AckTableTest, RefusesANumberTwice) {
  table_.add(1, note("first"), base::kNever);
  EXPECT_FALSE(table_.add(1, note("second"), base::kNever));
  EXPECT_TRUE(answer(1, "yes"));
  EXPECT_EQ(log_, (Log{"second: too many unanswered questions", "first: yes"}));
}

TEST_F(AckTableTest, FailsAll) {
  table_.add(2, note("two"), base::kNever);
  table_.add(1, note("one"), base::kNever);
  table_.fail_all(errc::disconnected);
  EXPECT_EQ(log_, (Log{"one: socket has been disconnected", "two: socket has been disconnected"}));
  EXPECT_EQ(table_.size(), 0U);
}

TEST_F(AckTableTest, FunctionsMayUseTheTable) {
  std::uint64_t next = 100;
  auto ask_again = [&](Result<ArgsView>) { table_.add(next++, note("again"), base::kNever); };
  table_.add(1, ask_again, clock_.now());
  table_.add(2, ask_again, base::kNever);
  table_.add(3, ask_again, base::kNever);
  table_.tick(clock_.now());
  answer(2, "yes");
  table_.fail_all(errc::disconnected);
  EXPECT_EQ(log_, (Log{"again: socket has been disconnected", "again: socket has been disconnected"}));
  EXPECT_EQ(table_.size(), 1U);
}

}  // namespace
}  // namespace naru::socketio
