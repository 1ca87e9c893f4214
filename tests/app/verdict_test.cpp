#include "naru/verdict.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "naru/bytes.hpp"

namespace naru {
namespace {

using std::chrono::system_clock;

TEST(Verdict, Allows) {
  Verdict plain = allow;
  EXPECT_TRUE(plain.is_allowed());
  EXPECT_EQ(plain.identity(), "");
  EXPECT_FALSE(plain.expires());
  auto end = system_clock::time_point(std::chrono::hours(1));
  Verdict known = allow.as("user:42").until(end);
  EXPECT_TRUE(known.is_allowed());
  EXPECT_EQ(known.identity(), "user:42");
  EXPECT_EQ(known.expires(), end);
}

TEST(Verdict, Refuses) {
  Verdict plain = refuse("who are you?");
  EXPECT_FALSE(plain.is_allowed());
  EXPECT_EQ(plain.sentence(), "who are you?");
  EXPECT_FALSE(plain.data());
  Verdict more = refuse("too many", std::map<std::string, int>{{"limit", 3}});
  EXPECT_EQ(more.data()->text, "{\"limit\":3}");
  EXPECT_EQ(refuse("x", std::vector<Bytes>{Bytes::copy("b")}).data()->text, "[null]");
}

TEST(Verdict, BothKindsComeOutOfOneLambda) {
  auto gate = [](bool good) -> Verdict { return good ? allow.as("me") : refuse("no"); };
  EXPECT_TRUE(gate(true).is_allowed());
  EXPECT_FALSE(gate(false).is_allowed());
}

class DecisionTest : public testing::Test {
 protected:
  Decision decision() {
    return Decision([this](Verdict verdict) { answers_.push_back(std::move(verdict)); });
  }
  std::vector<Verdict> answers_;
};

TEST_F(DecisionTest, TheFirstAnswerCounts) {
  {
    Decision one = decision();
    one(allow);
    one(refuse("too late"));
  }
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_TRUE(answers_[0].is_allowed());
}

TEST_F(DecisionTest, DroppedItRefuses) {
  { Decision dropped = decision(); }
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_FALSE(answers_[0].is_allowed());
  EXPECT_EQ(answers_[0].sentence(), "no decision was made");
}

TEST_F(DecisionTest, MovedItAnswersOnce) {
  {
    Decision first = decision();
    Decision second = std::move(first);
    first = std::move(second);
    EXPECT_TRUE(answers_.empty());
    first(allow);
  }
  EXPECT_EQ(answers_.size(), 1U);
}

TEST_F(DecisionTest, AssignedOverItRefuses) {
  Decision first = decision();
  first = decision();
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_FALSE(answers_[0].is_allowed());
}

}  // namespace
}  // namespace naru
