// A list whose links stand inside its items: no allocation, and an item leaves its list in O(1) by itself,
// also when it is destroyed. An item is in as many lists as it has hooks, told apart by a tag.
//
//   struct Ready;
//   class Connection : public ListHook<Ready> { ... };
//   IntrusiveList<Connection, Ready> ready;   ready.push_back(connection);
//   connection.ListHook<Ready>::unlink();
//
// The list does not own its items. Items and lists do not move while linked. Not thread-safe.
#pragma once

#include <cassert>
#include <cstddef>
#include <iterator>

namespace naru::base {

template <class T, class Tag>
class IntrusiveList;

template <class Tag = void>
class ListHook {
 public:
  ListHook() noexcept = default;
  ListHook(const ListHook&) = delete;
  ListHook& operator=(const ListHook&) = delete;
  ~ListHook() { unlink(); }

  bool is_linked() const noexcept { return next_ != nullptr; }
  // Leaves the list; nothing happens when it is in none.
  void unlink() noexcept {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
  }

 private:
  template <class T, class OtherTag>
  friend class IntrusiveList;

  void link_before(ListHook& place) noexcept {
    previous_ = place.previous_;
    next_ = &place;
    previous_->next_ = this;
    place.previous_ = this;
  }

  ListHook* previous_ = nullptr;
  ListHook* next_ = nullptr;
};

template <class T, class Tag = void>
class IntrusiveList {
  using Hook = ListHook<Tag>;

 public:
  IntrusiveList() noexcept { make_empty(); }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() { clear(); }

  bool empty() const noexcept { return root_.next_ == &root_; }
  // REQUIRES: the item is in no list of this tag.
  void push_back(T& item) noexcept { hook(item).link_before(root_); }
  void push_front(T& item) noexcept { hook(item).link_before(*root_.next_); }
  // REQUIRES: !empty()
  T& front() noexcept { return assert(!empty()), item(root_.next_); }
  T& back() noexcept { return assert(!empty()), item(root_.previous_); }
  // The first item, taken out; null when there is none.
  T* pop_front() noexcept {
    if (empty()) return nullptr;
    T& first = front();
    hook(first).unlink();
    return &first;
  }
  void clear() noexcept {
    while (pop_front() != nullptr) {
    }
  }
  // Moves all items of `other` to the end of this list in O(1). For work that may add to the list it runs
  // over:
  //   IntrusiveList<T, Tag> turn;  turn.take_all(ready);  while (T* item = turn.pop_front()) ...
  void take_all(IntrusiveList& other) noexcept {
    if (other.empty()) return;
    Hook* first = other.root_.next_;
    Hook* last = other.root_.previous_;
    first->previous_ = root_.previous_;
    root_.previous_->next_ = first;
    last->next_ = &root_;
    root_.previous_ = last;
    other.make_empty();
  }

  // Forward iteration. The item under the iterator must stay linked until the iterator has moved on.
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    using pointer = T*;
    using reference = T&;
    Iterator() = default;
    explicit Iterator(Hook* at) noexcept : at_(at) {}
    T& operator*() const noexcept { return item(at_); }
    T* operator->() const noexcept { return &item(at_); }
    Iterator& operator++() noexcept { return at_ = at_->next_, *this; }
    Iterator operator++(int) noexcept {
      Iterator before = *this;
      at_ = at_->next_;
      return before;
    }
    bool operator==(const Iterator&) const noexcept = default;

   private:
    Hook* at_ = nullptr;
  };
  Iterator begin() noexcept { return Iterator(root_.next_); }
  Iterator end() noexcept { return Iterator(&root_); }

 private:
  static Hook& hook(T& item) noexcept { return item; }
  static T& item(Hook* hook) noexcept { return static_cast<T&>(*hook); }
  void make_empty() noexcept { root_.previous_ = root_.next_ = &root_; }

  Hook root_;
};

}  // namespace naru::base
