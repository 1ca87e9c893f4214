#include "socketio/broadcast_acks.hpp"

#include <gtest/gtest.h>

#include "naru/errc.hpp"
#include "support/fake_clock.hpp"

namespace naru::socketio {
namespace {

using std::chrono::seconds;

class BroadcastAcksTest : public testing::Test {
 protected:
  static Args answer(std::string_view text) { return *Args::parse(text); }
  base::TimePoint soon() { return clock_.now() + seconds(5); }
  test::FakeClock clock_;
};

TEST_F(BroadcastAcksTest, NobodyReachedIsFinishedAtOnce) {
  BroadcastAcks acks(2, soon());
  EXPECT_FALSE(acks.is_finished());
  acks.expect(0);
  EXPECT_FALSE(acks.is_finished());
  acks.expect(0);
  EXPECT_TRUE(acks.is_finished());
  EXPECT_FALSE(acks.error());
  EXPECT_TRUE(acks.take().empty());
  EXPECT_EQ(acks.deadline(), base::kNever);
  EXPECT_TRUE(BroadcastAcks(0, soon()).is_finished());
}

TEST_F(BroadcastAcksTest, AnswersMayComeBeforeTheCounts) {
  BroadcastAcks acks(2, soon());
  acks.expect(1);
  acks.add(answer("[1]"));
  EXPECT_FALSE(acks.is_finished());
  acks.add(answer("[2]"));
  acks.add(answer("[3]"));
  EXPECT_FALSE(acks.is_finished());
  acks.expect(2);
  EXPECT_TRUE(acks.is_finished());
  auto answers = acks.take();
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[2].get<int>(0), 3);
}

TEST_F(BroadcastAcksTest, TimesOutWithWhatCame) {
  BroadcastAcks acks(1, soon());
  acks.expect(2);
  acks.add(answer("[\"here\"]"));
  clock_.advance(seconds(5) - base::Duration(1));
  EXPECT_FALSE(acks.tick(clock_.now()));
  clock_.advance(base::Duration(1));
  EXPECT_TRUE(acks.tick(clock_.now()));
  EXPECT_FALSE(acks.tick(clock_.now())) << "it ended once";
  EXPECT_EQ(acks.error(), errc::timed_out);
  acks.add(answer("[\"late\"]"));
  EXPECT_EQ(acks.take().size(), 1U);
}

TEST_F(BroadcastAcksTest, HoldsNoMoreThanItsLimit) {
  Args one = answer("[\"0123456789\"]");
  BroadcastAcks acks(1, soon(), 2 * (sizeof(Args) + one.memory()));
  acks.expect(3);
  acks.add(one);
  acks.add(one);
  EXPECT_FALSE(acks.is_finished());
  acks.add(one);
  EXPECT_TRUE(acks.is_finished());
  EXPECT_EQ(acks.error(), errc::too_large);
  EXPECT_EQ(acks.take().size(), 2U);
}

TEST_F(BroadcastAcksTest, APlaceTooManyIsIgnored) {
  BroadcastAcks acks(1, soon());
  acks.expect(1);
  acks.expect(5);
  acks.add(answer("[]"));
  EXPECT_TRUE(acks.is_finished());
}

}  // namespace
}  // namespace naru::socketio
