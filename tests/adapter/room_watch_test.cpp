#include "adapter/room_watch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "naru/log.hpp"

namespace naru::adapter {
namespace {

std::string text_of(RoomChange change, std::string_view room, std::string_view id) {
  static constexpr const char* kNames[] = {"create ", "join ", "leave ", "delete "};
  std::string text = kNames[static_cast<std::size_t>(change)] + std::string(room);
  return id.empty() ? text : text + " " + std::string(id);
}

TEST(RoomWatch, TellsTheEdgesInOrder) {
  RoomWatch watch;
  EXPECT_FALSE(watch.is_on());
  std::vector<std::string> told;
  watch.add([&](RoomChange change, std::string_view room, std::string_view id) {
    told.push_back(text_of(change, room, id));
  });
  EXPECT_TRUE(watch.is_on());
  watch.joined("r", "a");
  watch.joined("r", "b");
  watch.left("r", "a");
  watch.left("r", "b");
  watch.joined("r", "a");
  EXPECT_TRUE(told.empty()) << "a table may be walked just now";
  watch.tell();
  EXPECT_EQ(told, (std::vector<std::string>{"create r", "join r a", "join r b", "leave r a", "leave r b",
                                            "delete r", "create r", "join r a"}));
}

TEST(RoomWatch, WhatWasThereBeforeIsNotTold) {
  RoomWatch watch;
  std::vector<std::string> told;
  watch.add([&](RoomChange change, std::string_view room, std::string_view id) {
    told.push_back(text_of(change, room, id));
  });
  watch.count("r", 1);
  watch.count("r", 1);  // on another loop
  watch.joined("r", "c");
  watch.left("r", "a");
  watch.left("r", "b");
  watch.left("r", "c");
  watch.tell();
  EXPECT_EQ(told, (std::vector<std::string>{"join r c", "leave r a", "leave r b", "leave r c", "delete r"}));
}

TEST(RoomWatch, ListenersMayChangeRooms) {
  RoomWatch watch;
  std::vector<std::string> told;
  watch.add([&](RoomChange change, std::string_view room, std::string_view id) {
    told.push_back(text_of(change, room, id));
    if (change != RoomChange::joined || room != "first") return;
    watch.joined("second", "a");
    watch.tell();  // somebody is at it
    told.emplace_back("end of first");
  });
  watch.joined("first", "a");
  watch.tell();
  EXPECT_EQ(told, (std::vector<std::string>{"create first", "join first a", "end of first", "create second",
                                            "join second a"}));
}

TEST(RoomWatch, WhatIsNotToldInTimeIsBounded) {
  set_log_level(Level::off);
  RoomWatch watch(3);
  std::vector<std::string> told;
  watch.add([&](RoomChange change, std::string_view room, std::string_view id) {
    told.push_back(text_of(change, room, id));
  });
  watch.joined("r", "a");
  watch.joined("r", "b");  // the third
  watch.joined("r", "c");  // not any more
  watch.tell();
  EXPECT_EQ(told, (std::vector<std::string>{"create r", "join r a", "join r b"}));
  watch.left("r", "c");
  watch.tell();
  EXPECT_EQ(told.back(), "leave r c") << "it goes on, and counts what was not told";
}

// One at a time, edges in step, whichever threads they happen on.
TEST(RoomWatch, SeveralLoopsGiveOneOrder) {
  RoomWatch watch;
  std::atomic<int> inside{0};
  int rooms = 0;
  bool is_in_order = true;
  watch.add([&](RoomChange change, std::string_view, std::string_view) {
    if (inside.fetch_add(1) != 0) is_in_order = false;
    if (change == RoomChange::created && ++rooms != 1) is_in_order = false;
    if (change == RoomChange::deleted && --rooms != 0) is_in_order = false;
    inside.fetch_sub(1);
  });
  auto come_and_go = [&](const std::string& id) {
    for (int i = 0; i < 2000; ++i) {
      watch.joined("r", id);
      watch.tell();
      watch.left("r", id);
      watch.tell();
    }
  };
  std::thread other(come_and_go, "b");
  come_and_go("a");
  other.join();
  watch.tell();
  EXPECT_TRUE(is_in_order);
  EXPECT_EQ(rooms, 0);
}

}  // namespace
}  // namespace naru::adapter
