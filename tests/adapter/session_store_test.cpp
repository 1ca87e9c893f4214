#include "adapter/session_store.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace naru::adapter {
namespace {

using namespace std::chrono_literals;

class SessionStoreTest : public testing::Test {
 protected:
  Session session(const std::string& pid, base::Duration time = 1min) {
    Session made{.pid = pid, .sid = "sid of " + pid};
    made.deadline = clock_.now() + time;
    return made;
  }
  test::FakeClock clock_;
};

TEST_F(SessionStoreTest, ServesOnce) {
  SessionStore store({});
  store.put(session("a"));
  EXPECT_FALSE(store.take("b", clock_.now()));
  const auto found = store.take("a", clock_.now());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sid, "sid of a");
  EXPECT_FALSE(store.take("a", clock_.now()));
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.bytes(), 0U);
}

TEST_F(SessionStoreTest, BoundedByTimeOnBothSides) {
  SessionStore store({});
  EXPECT_EQ(store.deadline(), base::kNever);
  store.put(session("a"));
  store.put(session("b"));
  store.put(session("given back", 10s));
  EXPECT_EQ(store.deadline(), clock_.now() + 10s);
  clock_.advance(1min - 1ns);
  EXPECT_TRUE(store.take("a", clock_.now()));
  clock_.advance(1ns);
  EXPECT_FALSE(store.take("b", clock_.now()));
  EXPECT_EQ(store.size(), 1U);
  store.expire(clock_.now());
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.bytes(), 0U);
}

TEST_F(SessionStoreTest, BoundedByCountTheEarliestGoFirst) {
  SessionStore store({.count = 2});
  store.put(session("a", 30s));
  store.put(session("b", 20s));
  EXPECT_EQ(store.size(), 2U);
  store.put(session("c", 40s));
  EXPECT_EQ(store.size(), 2U);
  EXPECT_FALSE(store.take("b", clock_.now()));
  EXPECT_TRUE(store.take("a", clock_.now()));
  EXPECT_TRUE(store.take("c", clock_.now()));
}

TEST_F(SessionStoreTest, BoundedByBytesOnBothSides) {
  Session large = session("large");
  large.rooms.assign(10, std::string(1000, 'r'));
  large.data = RawJson{"\"" + std::string(5000, 'x') + "\""};
  large.data->attachments.push_back(Bytes::copy(std::string_view("0123456789")));
  const std::size_t cost = large.cost();
  EXPECT_GT(cost, 15'010U);
  SessionStore fits({.count = 10, .bytes = cost});
  fits.put(large);
  EXPECT_EQ(fits.bytes(), cost);
  EXPECT_TRUE(fits.take("large", clock_.now()));
  SessionStore does_not({.count = 10, .bytes = cost - 1});
  does_not.put(large);
  EXPECT_EQ(does_not.size(), 0U);
  EXPECT_EQ(does_not.bytes(), 0U);
}

TEST_F(SessionStoreTest, TheSamePidAgainReplaces) {
  SessionStore store({});
  store.put(session("a"));
  Session again = session("a");
  again.sid = "another";
  store.put(std::move(again));
  EXPECT_EQ(store.size(), 1U);
  EXPECT_EQ(store.take("a", clock_.now())->sid, "another");
}

TEST_F(SessionStoreTest, ForgetsAnIdentity) {
  SessionStore store({});
  for (const char* pid : {"a", "b", "c"}) {
    Session made = session(pid);
    made.identity = *pid == 'b' ? "ann" : "bob";
    store.put(std::move(made));
  }
  EXPECT_EQ(store.forget_identity("bob"), 2U);
  EXPECT_FALSE(store.take("a", clock_.now()));
  EXPECT_TRUE(store.take("b", clock_.now()));
}

}  // namespace
}  // namespace naru::adapter
