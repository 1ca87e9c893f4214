#include "chat/rooms.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace chat {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

// What was told, in order, as short lines.
class Recorder final : public RoomEvents {
 public:
  Lines take() { return std::exchange(lines_, {}); }

  void on_lobby_entered(const std::string& socket, const std::string&, std::vector<RoomInfo> all) override {
    add("lobby " + socket + " " + std::to_string(all.size()));
  }
  void on_created(const RoomInfo& room) override { add("created " + room.record.id); }
  void on_changed(const RoomInfo& room, bool people_changed) override {
    add("changed " + room.record.id + " " + std::to_string(room.people) + (people_changed ? " people" : "") +
        (room.last ? " " + room.last->text : ""));
  }
  void on_deleted(const std::string& room) override { add("deleted " + room); }
  void on_entered(const RoomInfo& room, const Presence& who, std::vector<Presence> people) override {
    add("entered " + room.record.id + " " + who.socket + " " + std::to_string(people.size()));
  }
  void on_renamed(const std::string& room, const Presence& who) override {
    add("renamed " + room + " " + who.socket + " " + who.person.nickname);
  }
  void on_left(const std::string& room, const std::string& socket) override {
    add("left " + room + " " + socket);
  }
  void on_removed(const std::string& room, const std::vector<std::string>& sockets) override {
    add("removed " + room + " " + std::to_string(sockets.size()));
  }
  void on_message(const std::string& room, naru::RawJson message) override {
    add("message " + room + " " + message.text);
  }

 private:
  void add(std::string line) { lines_.push_back(std::move(line)); }
  Lines lines_;
};

class RoomsTest : public testing::Test {
 protected:
  void make(const std::string& id, const std::string& owner = "owner", std::string password_hash = {}) {
    rooms_.create({id, "title", owner, 50, std::move(password_hash), 1});
  }
  void enter(const std::string& room, const std::string& person, const std::string& socket) {
    ASSERT_FALSE(rooms_.enter(room, {socket, {person, person, 0}}));
    ASSERT_TRUE(rooms_.greet(room, socket));
  }

  Recorder told_;
  Rooms rooms_{told_};
  Rooms::Time now_{};
};

TEST_F(RoomsTest, TellsInTheOrderOfTheChanges) {
  make("r1");
  enter("r1", "a", "s1");
  enter("r1", "b", "s2");
  rooms_.tell("r1", naru::RawJson{"1"}, LastLine{"text", "a", "hello", 1});
  rooms_.leave("r1", "s1", now_);
  EXPECT_EQ(told_.take(),
            (Lines{"created r1", "entered r1 s1 1", "entered r1 s2 2", "message r1 1", "left r1 s1"}));
  rooms_.tick(now_);
  EXPECT_EQ(told_.take(), Lines{"changed r1 1 people hello"});
  rooms_.tick(now_);
  EXPECT_EQ(told_.take(), Lines{}) << "nothing has changed since";
}

TEST_F(RoomsTest, ASystemLineIsNoLastLine) {
  make("r1");
  told_.take();
  rooms_.tell("r1", naru::RawJson{"1"}, std::nullopt);
  rooms_.tick(now_);
  EXPECT_EQ(told_.take(), Lines{"message r1 1"});
}

TEST_F(RoomsTest, WhatIsSaidInADeletedRoomIsToldToNobody) {
  make("r1");
  rooms_.remove("r1");
  told_.take();
  rooms_.tell("r1", naru::RawJson{"1"}, std::nullopt);
  rooms_.leave("r1", "s1", now_);
  rooms_.remove("r1");
  EXPECT_EQ(told_.take(), Lines{});
  EXPECT_EQ(rooms_.enter("r1", {"s1", {"a", "a", 0}})->code, "no_room");
}

TEST_F(RoomsTest, WhoseRoomWasDeletedOnTheWayInIsNotGreeted) {
  make("r1");
  ASSERT_FALSE(rooms_.enter("r1", {"s1", {"a", "a", 0}}));
  rooms_.remove("r1");
  EXPECT_FALSE(rooms_.greet("r1", "s1").has_value());
}

TEST_F(RoomsTest, OneOwnerHasABoundedNumber) {
  for (std::size_t i = 0; i < kMaxRoomsOfOwner; ++i) {
    ASSERT_FALSE(rooms_.plan("a"));
    make("r" + std::to_string(i), "a");
  }
  EXPECT_EQ(rooms_.plan("a")->code, "too_many_rooms");
  EXPECT_FALSE(rooms_.plan("b"));
  rooms_.remove("r0");
  EXPECT_FALSE(rooms_.plan("a"));
}

TEST_F(RoomsTest, PlansCountUntilTheyAreGivenUp) {
  for (std::size_t i = 0; i < kMaxRoomsOfOwner; ++i)
    ASSERT_FALSE(rooms_.plan("a"));
  EXPECT_TRUE(rooms_.plan("a"));
  rooms_.give_up("a");
  EXPECT_FALSE(rooms_.plan("a"));
}

TEST_F(RoomsTest, ThereIsABoundedNumberInAll) {
  for (std::size_t i = 0; i < kMaxRooms; ++i)
    make("r" + std::to_string(i), "owner " + std::to_string(i));
  EXPECT_EQ(rooms_.plan("a")->code, "too_many_rooms");
}

TEST_F(RoomsTest, OnePersonIsInABoundedNumber) {
  for (std::size_t i = 0; i <= kMaxRoomsEntered; ++i)
    make("r" + std::to_string(i));
  for (std::size_t i = 0; i < kMaxRoomsEntered; ++i)
    enter("r" + std::to_string(i), "a", "s" + std::to_string(i));
  const std::string last = "r" + std::to_string(kMaxRoomsEntered);
  EXPECT_EQ(rooms_.enter(last, {"s", {"a", "a", 0}})->code, "full");
  EXPECT_FALSE(rooms_.enter("r0", {"tab", {"a", "a", 0}}));
  rooms_.leave("r1", "s1", now_);
  EXPECT_FALSE(rooms_.enter(last, {"s", {"a", "a", 0}}));
}

TEST_F(RoomsTest, AKnockSaysWhatIsWanted) {
  make("open");
  make("locked", "owner", "hash");
  EXPECT_EQ(rooms_.knock("none", "a").refusal->code, "no_room");
  EXPECT_EQ(rooms_.knock("open", "a").password_hash, "");
  EXPECT_EQ(rooms_.knock("locked", "a").password_hash, "hash");
  EXPECT_EQ(rooms_.knock("locked", "owner").password_hash, "");
  rooms_.admit("locked", "a");
  EXPECT_EQ(rooms_.knock("locked", "a").password_hash, "");
}

TEST_F(RoomsTest, OnlyTheOwnerRemovesAndNotHimself) {
  make("r1", "a");
  enter("r1", "a", "s1");
  enter("r1", "b", "s2");
  EXPECT_EQ(rooms_.remove_person("r1", "b", "a").refusal->code, "not_owner");
  EXPECT_EQ(rooms_.remove_person("r1", "a", "a").refusal->code, "bad_request");
  EXPECT_EQ(rooms_.remove_person("r1", "a", "c").refusal->code, "not_here");
  EXPECT_EQ(rooms_.remove_person("none", "a", "b").refusal->code, "no_room");
  told_.take();
  const Rooms::Removal removal = rooms_.remove_person("r1", "a", "b");
  EXPECT_FALSE(removal.refusal);
  EXPECT_EQ(removal.who.id, "b");
  EXPECT_EQ(told_.take(), Lines{"removed r1 1"});
  EXPECT_FALSE(rooms_.find("r1", "s2"));
  EXPECT_EQ(rooms_.knock("r1", "b").refusal->code, "removed");
  EXPECT_EQ(rooms_.membership("r1", "b"), Rooms::Membership::absent);
}

TEST_F(RoomsTest, ANewNameIsToldWhereverHeIs) {
  make("r1");
  make("r2");
  enter("r1", "a", "s1");
  enter("r2", "b", "s2");
  told_.take();
  EXPECT_EQ(rooms_.rename({"a", "new", 0}), Lines{"r1"});
  EXPECT_EQ(told_.take(), Lines{"renamed r1 s1 new"});
}

TEST_F(RoomsTest, SaysWhoHasLeftForGood) {
  make("r1");
  enter("r1", "a", "s1");
  rooms_.leave("r1", "s1", now_);
  EXPECT_TRUE(rooms_.tick(now_ + 4s).empty());
  const auto gone = rooms_.tick(now_ + 5s);
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone.front().first, "r1");
  EXPECT_EQ(gone.front().second.id, "a");
}

TEST_F(RoomsTest, TheLobbySeesAllOfThem) {
  make("r1");
  rooms_.restore({"r2", "old", "owner", 2, {}, 0}, LastLine{"text", "a", "before", 1});
  told_.take();
  rooms_.enter_lobby("s1", "a");
  EXPECT_EQ(told_.take(), Lines{"lobby s1 2"});
}

}  // namespace
}  // namespace chat
