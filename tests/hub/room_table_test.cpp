#include "hub/room_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace naru::hub {
namespace {

class Fake final : public Member {
 public:
  explicit Fake(std::string id) : id_(std::move(id)) {}
  void deliver(const SharedParcel&) override {}
  const std::string& id() const override { return id_; }

 private:
  std::string id_;
};

std::vector<RoomKey> keys(const std::vector<std::string>& names) {
  std::vector<RoomKey> keys;
  for (const std::string& name : names)
    keys.emplace_back(name);
  return keys;
}

// Sorted, so that one who is taken twice shows.
std::vector<std::string> selected(RoomTable& table, const std::vector<std::string>& rooms,
                                  const std::vector<std::string>& except) {
  std::vector<std::string> ids;
  table.each(keys(rooms), keys(except), [&](Member& member) { ids.push_back(member.id()); });
  std::sort(ids.begin(), ids.end());
  return ids;
}

using Names = std::vector<std::string>;

TEST(RoomTable, UnionExceptAndIds) {
  RoomTable table;
  Fake a("a");
  Fake b("b");
  Fake c("c");
  for (Fake* member : {&a, &b, &c})
    table.add(*member);
  table.join(a, RoomKey("red"));
  table.join(b, RoomKey("red"));
  table.join(b, RoomKey("blue"));
  EXPECT_EQ(selected(table, {}, {}), (Names{"a", "b", "c"}));
  EXPECT_EQ(selected(table, {"red"}, {}), (Names{"a", "b"}));
  EXPECT_EQ(selected(table, {"red", "blue"}, {}), (Names{"a", "b"}));
  EXPECT_EQ(selected(table, {"red", "c"}, {"a"}), (Names{"b", "c"}));
  EXPECT_EQ(selected(table, {"a"}, {}), Names{"a"});
  EXPECT_EQ(selected(table, {"a"}, {"red"}), Names{});
  EXPECT_EQ(selected(table, {"red"}, {"blue", "nowhere"}), Names{"a"});
  EXPECT_EQ(selected(table, {"nowhere"}, {}), Names{});
}

TEST(RoomTable, JoinAndLeaveTellWhetherAnythingChanged) {
  RoomTable table;
  Fake a("a");
  table.add(a);
  EXPECT_TRUE(table.join(a, RoomKey("red")));
  EXPECT_FALSE(table.join(a, RoomKey("red")));
  EXPECT_TRUE(table.contains(a, RoomKey("red")));
  EXPECT_EQ(table.rooms_joined(a), 1U);
  EXPECT_TRUE(table.leave(a, RoomKey("red")));
  EXPECT_FALSE(table.leave(a, RoomKey("red")));
  EXPECT_EQ(table.room_count(), 0U) << "empty rooms vanish";
}

TEST(RoomTable, ARoomMayHaveTheNameOfSomebodyElse) {
  RoomTable table;
  Fake a("a");
  Fake b("b");
  table.add(a);
  table.add(b);
  table.join(a, RoomKey("b"));
  EXPECT_EQ(selected(table, {"b"}, {}), (Names{"a", "b"}));
  EXPECT_EQ(selected(table, {"b", "a"}, {}), (Names{"a", "b"}));
  EXPECT_EQ(selected(table, {}, {"b"}), Names{});
}

// Against two plain maps, over many random steps.
TEST(RoomTable, AgreesWithAModel) {
  std::mt19937 random(42);
  auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  RoomTable table;
  std::deque<Fake> members;
  std::map<std::string, std::set<std::string>> model;  // id -> rooms
  std::map<std::string, Fake*> here;
  for (int i = 0; i < 12; ++i)
    members.emplace_back("m" + std::to_string(i));
  auto room = [&] { return "r" + std::to_string(pick(6)); };
  auto in_any = [&](const std::string& id, const Names& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return name == id || model[id].contains(name); });
  };
  for (int step = 0; step < 20'000; ++step) {
    Fake& member = members[pick(members.size())];
    const bool is_here = here.contains(member.id());
    switch (pick(5)) {
      case 0:
        if (!is_here) {
          table.add(member);
          here[member.id()] = &member;
          model[member.id()];
        } else if (pick(4) == 0) {
          std::set<std::string> left;
          table.remove(member, [&](const RoomKey& key) { EXPECT_TRUE(left.insert(key.name).second); });
          EXPECT_EQ(left, model[member.id()]);
          model.erase(member.id());
          here.erase(member.id());
        }
        break;
      case 1:
      case 2:
        if (is_here) {
          const std::string name = room();
          EXPECT_EQ(table.join(member, RoomKey(name)), model[member.id()].insert(name).second);
        }
        break;
      case 3:
        if (is_here) {
          const std::string name = room();
          EXPECT_EQ(table.leave(member, RoomKey(name)), model[member.id()].erase(name) == 1);
        }
        break;
      default: {
        Names rooms;
        Names except;
        for (std::size_t i = pick(3); i > 0; --i)
          rooms.push_back(pick(4) == 0 ? members[pick(members.size())].id() : room());
        for (std::size_t i = pick(3); i > 0; --i)
          except.push_back(pick(4) == 0 ? members[pick(members.size())].id() : room());
        Names expected;
        for (const auto& [id, at] : here) {
          if ((rooms.empty() || in_any(id, rooms)) && !in_any(id, except)) expected.push_back(id);
        }
        std::sort(expected.begin(), expected.end());
        ASSERT_EQ(selected(table, rooms, except), expected);
      }
    }
    std::set<std::string> rooms;
    for (const auto& [id, joined] : model)
      rooms.insert(joined.begin(), joined.end());
    ASSERT_EQ(table.room_count(), rooms.size());
    ASSERT_EQ(table.member_count(), here.size());
  }
  for (const auto& [id, member] : here) {
    Names names = table.rooms_of(*member);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), model[id]);
    EXPECT_EQ(names.size(), model[id].size());
  }
}

}  // namespace
}  // namespace naru::hub
