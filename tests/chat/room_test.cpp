#include "chat/room.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chat {
namespace {

using namespace std::chrono_literals;

Person person(const std::string& id) {
  return {id, "nick of " + id, 7};
}

RoomRecord record(int capacity, std::string password_hash = {}) {
  return {"r1", "A room", "owner", capacity, std::move(password_hash), 1};
}

TEST(Room, CountsPersonsNotTabs) {
  Room room(record(2));
  EXPECT_FALSE(room.enter({"s1", person("a")}));
  EXPECT_FALSE(room.enter({"s2", person("a")}));
  EXPECT_EQ(room.people(), 1U);
  EXPECT_EQ(room.presences().size(), 2U);
  EXPECT_TRUE(room.leave("s1", {}));
  EXPECT_EQ(room.people(), 1U);
  EXPECT_TRUE(room.leave("s2", {}));
  EXPECT_EQ(room.people(), 0U);
  EXPECT_FALSE(room.leave("s2", {}));
}

TEST(Room, IsFullForOthersButNotForSecondTabsAndTheOwner) {
  Room room(record(2));
  room.enter({"s1", person("a")});
  room.enter({"s2", person("b")});
  EXPECT_EQ(room.enter({"s3", person("c")})->code, "full");
  EXPECT_FALSE(room.enter({"s4", person("a")}));
  EXPECT_FALSE(room.enter({"s5", person("owner")}));
  EXPECT_EQ(room.people(), 3U);
  room.leave("s1", {});
  room.leave("s4", {});
  room.leave("s5", {});
  EXPECT_FALSE(room.enter({"s6", person("c")}));
}

TEST(Room, BoundsTheTabsOfOnePerson) {
  Room room(record(2));
  for (std::size_t i = 0; i < kMaxTabs; ++i)
    EXPECT_FALSE(room.enter({"s" + std::to_string(i), person("a")}));
  EXPECT_EQ(room.enter({"one more", person("a")})->code, "full");
}

TEST(Room, WritesJoinOnceAndLeaveAfterTheGrace) {
  Room room(record(5));
  Room::Time now{};
  room.enter({"s1", person("a")});
  EXPECT_TRUE(room.greet("s1"));
  room.enter({"s2", person("a")});
  EXPECT_FALSE(room.greet("s2"));
  room.leave("s1", now);
  EXPECT_TRUE(room.gone_for_good(now + 1h).empty());
  room.leave("s2", now);
  EXPECT_TRUE(room.gone_for_good(now + kGrace - 1ms).empty());
  const auto gone = room.gone_for_good(now + kGrace);
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone.front(), person("a"));
  EXPECT_TRUE(room.gone_for_good(now + 1h).empty());
}

TEST(Room, AReloadWritesNothing) {
  Room room(record(5));
  Room::Time now{};
  room.enter({"s1", person("a")});
  EXPECT_TRUE(room.greet("s1"));
  room.leave("s1", now);
  room.enter({"s2", person("a")});
  EXPECT_FALSE(room.greet("s2"));
  EXPECT_TRUE(room.gone_for_good(now + 1h).empty());
}

TEST(Room, WhoWasNeverGreetedWritesNoLeave) {
  Room room(record(5));
  room.enter({"s1", person("a")});
  room.leave("s1", {});
  EXPECT_TRUE(room.gone_for_good(Room::Time{} + 1h).empty());
}

TEST(Room, ARemovedPersonIsGoneAtOnceAndStaysOut) {
  Room room(record(5));
  room.enter({"s1", person("a")});
  room.greet("s1");
  room.enter({"s2", person("a")});
  const auto removed = room.remove("a");
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->first, person("a"));
  EXPECT_EQ(removed->second, (std::vector<std::string>{"s1", "s2"}));
  EXPECT_EQ(room.find("s1"), nullptr);
  EXPECT_TRUE(room.presences().empty());
  EXPECT_EQ(room.enter({"s3", person("a")})->code, "removed");
  room.leave("s1", {});
  room.leave("s2", {});
  EXPECT_EQ(room.people(), 0U);
  EXPECT_TRUE(room.gone_for_good(Room::Time{} + 1h).empty()) << "`remove` was the last line";
}

TEST(Room, APersonInTheGraceCanBeRemoved) {
  Room room(record(5));
  room.enter({"s1", person("a")});
  room.greet("s1");
  room.leave("s1", {});
  EXPECT_TRUE(room.remove("a"));
  EXPECT_TRUE(room.gone_for_good(Room::Time{} + 1h).empty());
  EXPECT_FALSE(room.remove("stranger"));
}

TEST(Room, ThePasswordIsAskedForOnce) {
  Room room(record(5, "hash"));
  EXPECT_TRUE(room.needs_password("a"));
  EXPECT_FALSE(room.needs_password("owner"));
  room.admit("a");
  EXPECT_FALSE(room.needs_password("a"));
  EXPECT_FALSE(Room(record(5)).needs_password("a"));
}

TEST(Room, RenamesEveryTab) {
  Room room(record(5));
  room.enter({"s1", person("a")});
  room.enter({"s2", person("a")});
  room.enter({"s3", person("b")});
  const Person renamed{"a", "new", 7};
  EXPECT_EQ(room.rename(renamed).size(), 2U);
  EXPECT_EQ(room.find("s2")->person, renamed);
  EXPECT_EQ(room.find("s3")->person, person("b"));
}

TEST(Room, ALockedOneShowsNoLastLine) {
  const LastLine line{"text", "nick", "secret", 1};
  Room open(record(5));
  open.set_last(line);
  EXPECT_EQ(open.info().last->text, "secret");
  Room locked(record(5, "hash"));
  locked.set_last(line);
  EXPECT_FALSE(locked.info().last);
}

}  // namespace
}  // namespace chat
