#include "adapter/local.hpp"

#include "contract/adapter_contract.hpp"
#include "naru/log.hpp"

namespace naru::adapter {
namespace {

struct LocalFactory {
  static std::shared_ptr<Adapter> make(std::shared_ptr<const hub::LoopGroup> loops) {
    return std::make_shared<Local>(std::move(loops));
  }
};
using OneLoop = WithLoops<LocalFactory, 1>;
using TwoLoops = WithLoops<LocalFactory, 2>;
using Setups = testing::Types<OneLoop, TwoLoops>;
INSTANTIATE_TYPED_TEST_SUITE_P(Local, AdapterContract, Setups);

// The limit of rooms, from both sides. One loop, and this thread is it.
TEST(Local, RoomsPerSocketAreLimited) {
  net::Loop loop({.index = 0});
  auto loops = std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>{&loop});
  loops->enter(0);
  auto local = std::make_shared<Local>(loops, LocalLimits{.max_rooms_per_socket = 2});
  auto member = std::make_shared<Listener>("a", hub::LoopIndex{0});
  local->add(*member);
  local->join(member, {"1", "2"});
  EXPECT_EQ(local->rooms_of(*member).size(), 3U);
  local->join(member, {"3"});
  EXPECT_EQ(local->rooms_of(*member).size(), 3U);
  local->leave(member, "1");
  local->join(member, {"3"});
  EXPECT_EQ(local->rooms_of(*member), (std::vector<std::string>{"a", "2", "3"}));
  local->remove(*member);
  hub::LoopGroup::leave();
}

// What foreign threads ask of loops that do not come to it is bounded, and what is refused leaves no trace.
class BusyLoops : public testing::Test {
 protected:
  BusyLoops() { set_log_level(Level::off); }
  void poll() {
    for (net::Loop* loop : {&first, &second}) {
      loops->enter(static_cast<hub::LoopIndex>(loop->index()));
      loop->poll();
      hub::LoopGroup::leave();
    }
  }
  std::size_t waiting() const {
    return first.ledger().bytes(net::Account::inbox) + second.ledger().bytes(net::Account::inbox);
  }

  // Mutable, as looking at a ledger is no change of a loop.
  mutable net::Loop first{{.index = 0, .inbox_limit = 10'000}};
  mutable net::Loop second{{.index = 1, .inbox_limit = 1'000}};
  std::shared_ptr<hub::LoopGroup> loops =
      std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>{&first, &second});
  std::shared_ptr<Local> local = std::make_shared<Local>(loops);
};

TEST_F(BusyLoops, VisitsTellHowManyLoopsTheyReach) {
  std::size_t expected = 0;
  std::size_t ends = 0;
  int refusals = 0;
  while (refusals == 0) {
    auto visit = std::make_shared<Visit>();
    visit->each = [](Member&) {};
    visit->end = [&](std::size_t) { ++ends; };
    visit->refused = [&] { ++refusals; };
    expected += local->visit({}, std::move(visit));
  }
  EXPECT_LE(waiting(), 2 * (10'000U + 1'000U));
  EXPECT_EQ(expected % 2, 1U) << "the last one reached one loop of two";
  poll();
  EXPECT_EQ(ends, expected);
}

TEST_F(BusyLoops, RefusedJoinsAreForgottenByTheDirectory) {
  auto member = std::make_shared<Listener>("a", hub::LoopIndex{1});
  for (int i = 0; i < 100; ++i)
    local->join(member, {"room"});
  EXPECT_GT(second.refused_orders(), 0U);
  poll();  // the member was never added: whoever came through joined nothing
  local->join_selected({}, "room");
  while (second.refused_orders() < 200)
    local->join_selected({}, "room");
  poll();
  EXPECT_EQ(waiting(), 0U);
  Selection to_room;
  to_room.rooms.emplace_back("room");
  local->broadcast(std::make_shared<hub::Parcel>(), std::move(to_room));
  EXPECT_EQ(waiting(), 0U) << "no loop counts anybody in that room";
}

TEST_F(BusyLoops, ListOfRoomsComesAllTheSame) {
  while (second.refused_orders() == 0)
    local->leave_selected({}, "room");
  int lists = 0;
  local->all_rooms([&](std::vector<std::string>) { ++lists; });
  poll();
  EXPECT_EQ(lists, 1);
}

}  // namespace
}  // namespace naru::adapter
