#include "adapter/local.hpp"

#include "contract/adapter_contract.hpp"

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

}  // namespace
}  // namespace naru::adapter
