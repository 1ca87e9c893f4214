// Who comes back: sessions, what they have missed, sockets that are taken over.
// (src/adapter/recovering_sessions.cpp)
#include "adapter/recovering.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "adapter/recovering_fixture.hpp"

namespace naru::adapter {
namespace {

using namespace std::chrono_literals;

TEST_F(RecoveringTest, BringsWhatWasMissedAndGoesOn) {
  auto a = connect("a", 0, {"room"});
  recovering().emit(event("1"), to("room"));
  lose(a);
  recovering().emit(event("2"), to("room"));
  recovering().emit(event("never"), to("elsewhere"));
  recovering().emit(event("3"), to("a"));
  recovering().emit(event("volatile", true), to("room"));
  EXPECT_EQ(a->heard, "1 ");
  auto again = come_back("a", a->offset, 1);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 3 ");
  recovering().emit(event("4"), to("room"));
  turn(1);
  EXPECT_EQ(again->heard, "2 3 4 ");
  on(1, [&] { EXPECT_EQ(recovering().rooms_of(*again), (std::vector<std::string>{"a", "room"})); });
}

TEST_F(RecoveringTest, WithoutAnOffsetFromItsConnectOn) {
  recovering().emit(event("before"), to(""));
  auto a = connect("a");
  lose(a);
  recovering().emit(event("1"), to(""));
  auto again = come_back("a", std::nullopt);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "1 ");
  // It did not get that either.
  lose(again);
  recovering().emit(event("2"), to(""));
  again = come_back("a", std::nullopt);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "1 2 ");
}

TEST_F(RecoveringTest, AnOffsetOfAnotherLogOrFromBeforeItsConnectMeansNothingYet) {
  recovering().emit(event("1"), to(""));
  recovering().emit(event("before"), to(""));
  auto a = connect("a");
  lose(a);
  recovering().emit(event("2"), to(""));
  auto again = come_back("a", position_text(recovering().epoch(), 1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
  lose(again);
  again = come_back("a", position_text("another-", 1'000'000));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
}

TEST_F(RecoveringTest, OffsetsThatCannotBeOursAreRefusedAndUseUpThePid) {
  for (const std::string& offset :
       {std::string("nonsense"), std::string(), position_text(recovering().epoch(), 4)}) {
    auto a = connect("a");
    recovering().emit(event("1"), to("nobody"));
    lose(a);
    EXPECT_FALSE(come_back("a", offset)) << offset;
    EXPECT_FALSE(come_back("a", std::nullopt));
  }
  EXPECT_FALSE(come_back("unknown", std::nullopt));
}

TEST_F(RecoveringTest, TheWindowOnBothSides) {
  options_.window = 10s;
  auto a = connect("a");
  lose(a);
  clock_.advance(10s - 1ns);
  a = come_back("a", std::nullopt);
  ASSERT_TRUE(a);
  lose(a);
  clock_.advance(10s);
  EXPECT_FALSE(come_back("a", std::nullopt));
}

TEST_F(RecoveringTest, WhoIsForgottenDoesNotComeBack) {
  auto a = connect("a");
  recovering().remove(*a);
  recovering().forget_session("pid of a");
  EXPECT_FALSE(come_back("a", std::nullopt));
}

TEST_F(RecoveringTest, WhatIsGivenBackCanBeTakenAgainInWhatIsLeftOfItsTime) {
  options_.window = 10s;
  auto a = connect("a");
  lose(a);
  clock_.advance(9s);
  recovering().restore_session("pid of a", std::nullopt, [&](std::optional<Restored> found) {
    recovering().give_back(found->session);
  });
  clock_.advance(999ms);
  EXPECT_TRUE(come_back("a", std::nullopt));
  a = connect("b");
  lose(a);
  clock_.advance(9s);
  recovering().restore_session("pid of b", std::nullopt, [&](std::optional<Restored> found) {
    recovering().give_back(found->session);
  });
  clock_.advance(1s);
  EXPECT_FALSE(come_back("b", std::nullopt));
}

// --- the log has moved on ---

class RecoveringWithSmallLog : public RecoveringTest {
 protected:
  RecoveringWithSmallLog() { options_.max_log_bytes = 4000; }
  void overrun() {
    for (int i = 0; i < 10; ++i)
      recovering().emit(event("x"), to("elsewhere"));
  }
};

TEST_F(RecoveringWithSmallLog, WhatWasEmittedSinceHasGone) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  lose(a);
  overrun();
  EXPECT_FALSE(come_back("a", a->offset));
}

TEST_F(RecoveringWithSmallLog, WhoHasHadEverythingMissesNothingThatHasGone) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  overrun();
  lose(a);
  recovering().emit(event("2"), to("a"));
  auto again = come_back("a", a->offset);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
}

TEST_F(RecoveringWithSmallLog, WhatWasLostOnTheWayHasGone) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  recovering().emit(event("2"), to("a"));
  overrun();
  lose(a);
  EXPECT_FALSE(come_back("a", arrived));
}

// A client that hears little, in a namespace where much is said: what has gone was confirmed by a heartbeat.
TEST_F(RecoveringWithSmallLog, WhatHasGoneWasConfirmedBefore) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  clock_.advance(1s);
  overrun();
  clock_.advance(6s);
  const auto pinged = clock_.now();
  clock_.advance(1s);
  for (int i = 0; i < 6; ++i)
    recovering().emit(event("y"), to("elsewhere"));
  recovering().emit(event("2"), to("a"));  // lost on the way
  lose(a, pinged);
  auto again = come_back("a", arrived);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
  // Now "2" was sent again, but no heartbeat has followed: the old confirmation says nothing of it.
  for (int i = 0; i < 9; ++i)
    recovering().emit(event("y"), to("elsewhere"));
  clock_.advance(10s);
  lose(again, pinged);
  EXPECT_FALSE(come_back("a", arrived));
}

TEST_F(RecoveringWithSmallLog, AConfirmationJustAfterProvesNothing) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  clock_.advance(1s);
  overrun();
  recovering().emit(event("2"), to("a"));
  clock_.advance(4s);  // less than a loop may lag
  lose(a, clock_.now());
  EXPECT_FALSE(come_back("a", arrived));
}

TEST_F(RecoveringWithSmallLog, WhatGoesWhileGatesDecideIsNotedWhenItIsLetIn) {
  auto a = connect("a");
  lose(a);
  std::optional<Restored> kept;
  recovering().restore_session("pid of a", std::nullopt,
                               [&](std::optional<Restored> found) { kept = std::move(found); });
  ASSERT_TRUE(kept);
  overrun();
  a = std::make_shared<Traveller>("a", hub::LoopIndex{0});
  recovering().add(*a);
  EXPECT_FALSE(recovering().resume(a, std::move(*kept)));
  EXPECT_EQ(a->heard, "");
  recovering().remove(*a);
}

TEST_F(RecoveringTest, ExpiresAndAsksToBeCalledAgain) {
  options_.window = 10s;
  options_.confirmation = 5s;
  options_.lag = 0s;
  EXPECT_EQ(recovering().expire(), base::kNever);
  recovering().emit(event("1"), to(""));
  EXPECT_EQ(kept_, 1);
  recovering().emit(event("2"), to(""));
  EXPECT_EQ(kept_, 1);
  clock_.advance(1s);
  lose(connect("a"));
  EXPECT_EQ(kept_, 1);
  EXPECT_EQ(recovering().expire(), clock_.now() + 10s);
  clock_.advance(10s);
  EXPECT_EQ(recovering().expire(), clock_.now() + 4s);
  clock_.advance(4s);
  EXPECT_EQ(recovering().expire(), base::kNever);
  EXPECT_EQ(kept_, 1);
  lose(connect("b"));
  EXPECT_EQ(kept_, 2);
}

// --- a socket that still seems to be connected ---

TEST_F(RecoveringTest, IsTakenOverOnTheSameLoop) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  recovering().emit(event("2"), to("a"));  // into the void
  a->on_abandon = [&] { lose(a); };
  auto again = come_back("a", arrived);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
}

TEST_F(RecoveringTest, IsTakenOverFromAnotherLoop) {
  auto a = connect("a", 1);
  a->on_abandon = [&] { lose(a); };
  recovering().emit(event("1"), to("a"));
  SharedTraveller again;
  recovering().restore_session("pid of a", std::nullopt, [&](std::optional<Restored> restored) {
    EXPECT_TRUE(group_->is_here(0));
    ASSERT_TRUE(restored);
    again = std::make_shared<Traveller>("a", hub::LoopIndex{0});
    recovering().add(*again);
    EXPECT_TRUE(recovering().resume(again, std::move(*restored)));
  });
  EXPECT_FALSE(again);
  settle();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "1 ");
}

TEST_F(RecoveringTest, WhoCannotBeEndedIsNotTakenOver) {
  auto a = connect("a");
  int times = 0;
  a->on_abandon = [&] { ++times; };
  EXPECT_FALSE(come_back("a", std::nullopt));
  EXPECT_EQ(times, 3);
  auto b = connect("b", 1);
  bool is_refused = false;
  recovering().restore_session("pid of b", std::nullopt,
                               [&](std::optional<Restored> restored) { is_refused = !restored; });
  settle();
  settle();
  EXPECT_TRUE(is_refused);
}

}  // namespace
}  // namespace naru::adapter
