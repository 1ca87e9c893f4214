#include "store/memory_log_store.hpp"

#include "contract/log_store_contract.hpp"

namespace naru::test {
namespace {

struct MemoryTraits {
  std::unique_ptr<store::LogStore> open() { return std::make_unique<store::MemoryLogStore>(clock); }
  FakeClock clock;
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LogStoreContract, MemoryTraits);

namespace {

TEST(MemoryLogStore, RefusesANumberOutOfOrder) {
  FakeClock clock;
  store::MemoryLogStore store(clock);
  const auto log = store.open("news", {}, store::IfMissing::create);
  ASSERT_TRUE(log);
  auto publication = std::make_shared<channel::Publication>();
  publication->position = {(*log)->epoch(), 2};
  const auto refused = (*log)->append(publication, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store::errc::out_of_order);
}

}  // namespace
}  // namespace naru::test
