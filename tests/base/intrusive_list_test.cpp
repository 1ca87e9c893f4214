#include "base/intrusive_list.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace naru::base {
namespace {

struct Ready;
struct Waiting;
struct Item : ListHook<Ready>, ListHook<Waiting> {
  explicit Item(int value) : number(value) {}
  int number;
};
using ReadyList = IntrusiveList<Item, Ready>;

std::vector<int> numbers(ReadyList& list) {
  std::vector<int> out;
  for (Item& item : list)
    out.push_back(item.number);
  return out;
}

TEST(IntrusiveList, KeepsOrder) {
  Item one(1), two(2), three(3);
  ReadyList list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.pop_front(), nullptr);
  list.push_back(two);
  list.push_back(three);
  list.push_front(one);
  EXPECT_EQ(numbers(list), (std::vector{1, 2, 3}));
  EXPECT_EQ(&list.front(), &one);
  EXPECT_EQ(&list.back(), &three);
  EXPECT_EQ(list.pop_front(), &one);
  EXPECT_FALSE(one.ListHook<Ready>::is_linked());
  EXPECT_EQ(numbers(list), (std::vector{2, 3}));
}

TEST(IntrusiveList, AnItemLeavesByItself) {
  Item one(1), three(3);
  ReadyList list;
  list.push_back(one);
  {
    Item two(2);
    list.push_back(two);
    list.push_back(three);
  }
  EXPECT_EQ(numbers(list), (std::vector{1, 3}));
  one.ListHook<Ready>::unlink();
  one.ListHook<Ready>::unlink();
  EXPECT_EQ(numbers(list), (std::vector{3}));
}

TEST(IntrusiveList, HooksAreIndependent) {
  Item item(1);
  ReadyList ready;
  IntrusiveList<Item, Waiting> waiting;
  ready.push_back(item);
  waiting.push_back(item);
  EXPECT_EQ(ready.pop_front(), &item);
  EXPECT_EQ(&waiting.front(), &item);
}

TEST(IntrusiveList, TakesAllOfAnother) {
  Item one(1), two(2), three(3);
  ReadyList first, second;
  first.take_all(second);
  EXPECT_TRUE(first.empty());
  first.push_back(one);
  second.push_back(two);
  second.push_back(three);
  first.take_all(second);
  EXPECT_TRUE(second.empty());
  EXPECT_EQ(numbers(first), (std::vector{1, 2, 3}));
  second.push_back(*first.pop_front());
  EXPECT_EQ(numbers(second), (std::vector{1}));
}

TEST(IntrusiveList, ADestroyedListForgetsItsItems) {
  Item item(1);
  {
    ReadyList list;
    list.push_back(item);
  }
  EXPECT_FALSE(item.ListHook<Ready>::is_linked());
}

}  // namespace
}  // namespace naru::base
