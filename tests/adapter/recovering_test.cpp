#include "adapter/recovering.hpp"

#include <string>
#include <thread>

#include "adapter/recovering_fixture.hpp"
#include "contract/adapter_contract.hpp"

namespace naru::adapter {
namespace {

struct RecoveringFactory {
  static std::shared_ptr<Adapter> make(std::shared_ptr<const hub::LoopGroup> loops) {
    return std::make_shared<Recovering>(std::move(loops), LocalLimits{}, RecoveringOptions{});
  }
};
using OneLoop = WithLoops<RecoveringFactory, 1>;
using TwoLoops = WithLoops<RecoveringFactory, 2>;
using Setups = testing::Types<OneLoop, TwoLoops>;
INSTANTIATE_TYPED_TEST_SUITE_P(Recovering, AdapterContract, Setups);

TEST_F(RecoveringTest, AllReceiversGetTheSamePositionAndVolatileEventsTheCurrentOne) {
  auto a = connect("a", 0);
  auto b = connect("b", 1);
  EXPECT_TRUE(recovering().emit(event("1"), to("")));
  turn(1);
  EXPECT_EQ(a->heard, "1 ");
  EXPECT_EQ(b->heard, "1 ");
  EXPECT_EQ(a->offset, position_text(recovering().epoch(), 1));
  EXPECT_EQ(b->offset, a->offset);
  recovering().emit(event("2", true), to(""));
  turn(1);
  EXPECT_EQ(b->heard, "1 2 ");
  EXPECT_EQ(b->offset, position_text(recovering().epoch(), 1));
}

TEST_F(RecoveringTest, ALoopDeliversInTheOrderOfTheNumbers) {
  auto a = connect("a", 0);
  auto b = connect("b", 1);
  on(1, [&] { recovering().emit(event("1"), to("")); });
  EXPECT_EQ(a->heard, "");
  // What stands in the lane goes before the event that is emitted here.
  EXPECT_TRUE(recovering().emit(event("2"), to("")));
  EXPECT_EQ(a->heard, "1 2 ");
  on(1, [&] { recovering().emit(event("3"), to("b")); });
  EXPECT_EQ(b->heard, "1 2 3 ");
  on(1, [&] { recovering().emit(event("4"), to("a")); });
  turn(0);
  EXPECT_EQ(a->heard, "1 2 4 ");
}

// What a caller does to other loops stands in one line: join, emit, leave, emit.
TEST_F(RecoveringTest, ACallersOrderHoldsWhenALoopRunsItsLaneBeforeItsInbox) {
  auto b = connect("b", 1);
  recovering().join(b, {"room"});
  recovering().emit(event("1"), to("room"));
  recovering().leave(b, "room");
  recovering().emit(event("2"), to("room"));
  on(1, [&] { recovering().emit(event("3"), to("b")); });
  EXPECT_EQ(b->heard, "1 3 ");
}

TEST_F(RecoveringTest, EmitsFromForeignThreadsAreDeliveredSoon) {
  auto a = connect("a", 0);
  std::thread([&] { EXPECT_FALSE(recovering().emit(event("1"), to("a"))); }).join();
  EXPECT_EQ(a->heard, "");
  turn(0);
  EXPECT_EQ(a->heard, "1 ");
}

// A loop that stands still gets no more than its lane takes; its sockets know that they have missed
// something.
TEST_F(RecoveringTest, ALaneIsBoundedAndWhoMayHaveMissedSomethingDoesNotComeBack) {
  options_.max_lane_bytes = 10'000;
  auto b = connect("b", 1);
  auto c = connect("c", 1);
  int sent = 0;
  std::string expected;
  for (; sent < 16; ++sent) {
    recovering().emit(event("x"), to("b"));
    expected += "x ";
  }
  turn(1);
  EXPECT_EQ(b->heard, expected);
  lose(c);
  EXPECT_TRUE(come_back("c", std::nullopt, 1));
  for (int i = 0; i < 100; ++i)
    recovering().emit(event("x"), to("b"));
  turn(1);
  EXPECT_LT(b->heard.size(), expected.size() + 40);
  lose(b);
  EXPECT_FALSE(come_back("b", b->offset, 1));
  auto d = connect("d", 1);
  lose(d);
  EXPECT_TRUE(come_back("d", std::nullopt, 1));
}

// What is run may emit: it finds done what it asks for, in order.
TEST_F(RecoveringTest, WorkOfALaneMayEmitAndLeave) {
  auto a = connect("a", 0, {"room"});
  auto b = connect("b", 0, {"room"});
  on(1, [&] {
    auto visit = std::make_shared<Visit>();
    visit->each = [&](Member& member) {
      if (member.id() != "a") return;
      recovering().emit(event("bye"), to("room"));
      recovering().leave(b, "room");
      recovering().emit(event("alone"), to("room"));
    };
    recovering().emit(event("1"), to("room"));
    recovering().visit(to("room"), visit);
    recovering().emit(event("2"), to("room"));
  });
  turn(0);
  EXPECT_EQ(a->heard, "1 2 bye alone ");
  EXPECT_EQ(b->heard, "1 2 bye ");
}

}  // namespace
}  // namespace naru::adapter
