#include "net/turn_list.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace naru::net {
namespace {

struct Item {
  std::uint32_t place = 0;
};
using List = TurnList<Item, &Item::place>;

TEST(TurnList, VisitsEachOnceInOrder) {
  List list;
  Item a, b;
  list.add(a);
  list.add(b);
  list.add(a);
  std::vector<Item*> seen;
  list.visit_all([&](Item& item) { seen.push_back(&item); });
  EXPECT_EQ(seen, (std::vector<Item*>{&a, &b}));
  EXPECT_TRUE(list.empty());
}

TEST(TurnList, WhatIsAddedDuringAVisitWaitsForTheNext) {
  List list;
  Item a;
  list.add(a);
  int visits = 0;
  const auto visit = [&](Item& item) {
    ++visits;
    list.add(item);
  };
  list.visit_all(visit);
  EXPECT_EQ(visits, 1);
  EXPECT_FALSE(list.empty());
  list.visit_all(visit);
  EXPECT_EQ(visits, 2);
}

TEST(TurnList, RemovesFromEitherHalfOfARunningVisit) {
  List list;
  Item first, same_turn, next_turn;
  list.add(first);
  list.add(same_turn);
  std::vector<Item*> seen;
  list.visit_all([&](Item& item) {
    seen.push_back(&item);
    list.add(next_turn);  // takes the same index as `first` had
    list.remove(same_turn);
    list.remove(next_turn);
    list.remove(next_turn);
  });
  list.visit_all([&](Item& item) { seen.push_back(&item); });
  EXPECT_EQ(seen, std::vector<Item*>{&first});
  EXPECT_EQ(same_turn.place, 0U);
}

TEST(TurnList, AnItemThatWaitsInThisVisitIsNotAddedTwice) {
  List list;
  Item first, second;
  list.add(first);
  list.add(second);
  int visits_of_second = 0;
  list.visit_all([&](Item& item) {
    if (&item == &first) list.add(second);
    if (&item == &second) ++visits_of_second;
  });
  EXPECT_EQ(visits_of_second, 1);
  EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace naru::net
