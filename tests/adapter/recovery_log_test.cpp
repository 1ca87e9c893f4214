#include "adapter/recovery_log.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "support/fake_clock.hpp"

namespace naru::adapter {
namespace {

using namespace std::chrono_literals;

class RecoveryLogTest : public testing::Test {
 protected:
  // What one event of `bytes` costs.
  static constexpr std::size_t cost(std::size_t bytes) { return LoggedEvent::kCost + bytes; }
  std::uint64_t append(RecoveryLog& log, std::size_t bytes = 88) {
    return log.append(std::make_shared<LoggedEvent>(Event{.encode = {}, .bytes = bytes}, Selection{}),
                      clock_.now(), dropped_);
  }
  static std::vector<std::uint64_t> numbers_after(const RecoveryLog& log, std::uint64_t number,
                                                  std::size_t room = 100) {
    std::vector<LoggedEventRef> out(room);
    out.resize(log.read(number, out));
    std::vector<std::uint64_t> numbers;
    for (const auto& event : out)
      numbers.push_back(event->number());
    return numbers;
  }
  using Numbers = std::vector<std::uint64_t>;

  test::FakeClock clock_;
  RecoveryLog::Dropped dropped_;
};

TEST_F(RecoveryLogTest, NumbersFromOneWithoutHoles) {
  RecoveryLog log({.bytes = 100'000, .age = 1min});
  EXPECT_EQ(log.end(), 0U);
  EXPECT_TRUE(log.has_all_after(0));
  EXPECT_EQ(numbers_after(log, 0), Numbers{});
  for (std::uint64_t number = 1; number <= 5; ++number)
    EXPECT_EQ(append(log), number);
  EXPECT_EQ(log.end(), 5U);
  EXPECT_EQ(numbers_after(log, 0), (Numbers{1, 2, 3, 4, 5}));
  EXPECT_EQ(numbers_after(log, 3), (Numbers{4, 5}));
  EXPECT_EQ(numbers_after(log, 5), Numbers{});
  EXPECT_EQ(numbers_after(log, 1, 2), (Numbers{2, 3}));
}

TEST_F(RecoveryLogTest, BoundedByBytesOnBothSides) {
  RecoveryLog log({.bytes = 3 * cost(88), .age = 1min});
  for (int i = 0; i < 3; ++i)
    append(log);
  EXPECT_TRUE(log.has_all_after(0));
  EXPECT_EQ(log.bytes(), 3 * cost(88));
  clock_.advance(1s);
  append(log);
  EXPECT_EQ(log.bytes(), 3 * cost(88));
  EXPECT_FALSE(log.has_all_after(0));
  EXPECT_TRUE(log.has_all_after(1));
  EXPECT_EQ(log.lost_through(), 1U);
  EXPECT_EQ(log.lost_at(), clock_.now() - 1s);
  ASSERT_EQ(dropped_.size(), 1U);
  EXPECT_EQ(dropped_.front()->number(), 1U);
  EXPECT_EQ(numbers_after(log, 1), (Numbers{2, 3, 4}));

  append(log, 3 * cost(88));  // too large to stand beside the others, or at all
  EXPECT_EQ(log.size(), 0U);
  EXPECT_EQ(log.bytes(), 0U);
  EXPECT_EQ(log.end(), 5U);
  EXPECT_FALSE(log.has_all_after(4));
  EXPECT_TRUE(log.has_all_after(5));
  EXPECT_EQ(append(log), 6U);
  EXPECT_EQ(numbers_after(log, 5), Numbers{6});
}

TEST_F(RecoveryLogTest, RoomsCountAsWell) {
  RecoveryLog log({.bytes = 100'000, .age = 1min});
  Selection selection;
  selection.rooms.emplace_back(std::string(1000, 'r'));
  selection.except.emplace_back(std::string(1000, 'e'));
  log.append(std::make_shared<LoggedEvent>(Event{}, std::move(selection)), clock_.now(), dropped_);
  EXPECT_GE(log.bytes(), 2000 + LoggedEvent::kCost);
}

TEST_F(RecoveryLogTest, BoundedByAgeOnBothSides) {
  RecoveryLog log({.bytes = 100'000, .age = 1min});
  EXPECT_EQ(log.deadline(), base::kNever);
  append(log);
  EXPECT_EQ(log.deadline(), clock_.now() + 1min);
  clock_.advance(30s);
  append(log);
  clock_.advance(30s - 1ns);
  log.expire(clock_.now(), dropped_);
  EXPECT_EQ(log.size(), 2U);
  clock_.advance(1ns);
  log.expire(clock_.now(), dropped_);
  EXPECT_EQ(log.size(), 1U);
  EXPECT_FALSE(log.has_all_after(0));
  clock_.advance(30s);
  EXPECT_EQ(append(log), 3U);  // which drops as well
  EXPECT_EQ(numbers_after(log, 2), Numbers{3});
  clock_.advance(1h);
  log.expire(clock_.now(), dropped_);
  EXPECT_EQ(log.bytes(), 0U);
  EXPECT_TRUE(log.has_all_after(3));
  EXPECT_EQ(log.deadline(), base::kNever);
}

TEST(LoggedEvent, IsForThoseInOneOfItsRoomsAndInNoneThatIsExcepted) {
  const auto rooms = [](std::vector<std::string> names) {
    std::vector<hub::RoomKey> keys;
    for (auto& name : names)
      keys.emplace_back(std::move(name));
    return keys;
  };
  const auto is_for = [&](std::vector<std::string> to, std::vector<std::string> except,
                          std::vector<std::string> in) {
    RoomSet set;
    for (auto& name : in)
      set.emplace(std::move(name));
    return LoggedEvent({}, {.rooms = rooms(std::move(to)), .except = rooms(std::move(except))}).is_for(set);
  };
  EXPECT_TRUE(is_for({}, {}, {"me"}));
  EXPECT_TRUE(is_for({"me"}, {}, {"me"}));
  EXPECT_TRUE(is_for({"a", "b"}, {}, {"me", "b"}));
  EXPECT_FALSE(is_for({"a"}, {}, {"me", "b"}));
  EXPECT_FALSE(is_for({}, {"me"}, {"me"}));
  EXPECT_FALSE(is_for({"a"}, {"b"}, {"me", "a", "b"}));
  EXPECT_TRUE(is_for({"a"}, {"b"}, {"me", "a"}));
}

TEST(LoggedEvent, IsEncodedOnceWithItsPosition) {
  int times = 0;
  LoggedEvent event({.encode =
                         [&](std::string_view position) {
                           ++times;
                           auto parcel = std::make_shared<hub::Parcel>();
                           parcel->head.frame = base::Frame::copy(position);
                           return parcel;
                         }},
                    {});
  event.number(36, base::TimePoint());
  EXPECT_EQ(times, 0);
  EXPECT_EQ(event.parcel("abcdefgh")->head.frame.view(), "abcdefgh.10");
  EXPECT_EQ(event.parcel("abcdefgh"), event.parcel("abcdefgh"));
  EXPECT_EQ(times, 1);
}

}  // namespace
}  // namespace naru::adapter
