// Objects under names that may be stale: a name is {slot, generation}, and once the object is gone the name
// finds nothing, also when the slot is in use again. Whoever does not own an object holds its name, not its
// address.
//
//   SlotMap<Connection> connections;
//   auto [name, connection] = connections.insert(std::move(stream));
//   if (Connection* found = connections.find(name)) found->close();   // null when it has gone
//
// Insert, find and erase are O(1); an object's address never changes. The blocks of the greatest size that
// the map once had are kept until it is destroyed. Not thread-safe.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace naru::base {

struct SlotName {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: names nothing, ever

  explicit operator bool() const noexcept { return generation != 0; }
  bool operator==(const SlotName&) const noexcept = default;
};

template <class T>
class SlotMap {
 public:
  struct Inserted {
    SlotName name;
    T& value;
  };

  SlotMap() = default;
  SlotMap(const SlotMap&) = delete;
  SlotMap& operator=(const SlotMap&) = delete;
  ~SlotMap() { clear(); }

  // Throws std::length_error after 2^32 - 1 slots, and what T's constructor throws (nothing is inserted
  // then).
  template <class... Args>
  Inserted insert(Args&&... args) {
    if (first_free_ == kNone) add_block();
    const std::uint32_t number = first_free_;
    Slot& slot = slot_at(number);
    T* value = ::new (static_cast<void*>(slot.storage)) T(std::forward<Args>(args)...);
    // T's constructor may itself have inserted: it must not, the free slot would be used twice.
    assert(first_free_ == number);
    first_free_ = slot.next_free;
    slot.is_used = true;
    ++size_;
    return {SlotName{number, slot.generation}, *value};
  }

  // Null when the name is stale. The pointer is valid until the object is erased.
  T* find(SlotName name) noexcept {
    if (name.generation == 0 || name.slot >= blocks_.size() * kBlockSlots) return nullptr;
    Slot& slot = slot_at(name.slot);
    return slot.is_used && slot.generation == name.generation ? slot.value() : nullptr;
  }
  const T* find(SlotName name) const noexcept { return const_cast<SlotMap*>(this)->find(name); }

  // Destroys the object; false when the name is stale. The name is stale before T's destructor runs.
  bool erase(SlotName name) noexcept {
    if (find(name) == nullptr) return false;
    release(name.slot);
    return true;
  }

  void clear() noexcept {
    for (std::uint32_t number = 0; size_ > 0; ++number) {
      if (slot_at(number).is_used) release(number);
    }
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // Calls visit(SlotName, T&) for every object. `visit` may erase any object; whether it sees one that it
  // inserts is not said. Costs the greatest size the map once had.
  template <class Visit>
  void for_each(Visit visit) {
    for (std::size_t number = 0; number < blocks_.size() * kBlockSlots; ++number) {
      Slot& slot = slot_at(static_cast<std::uint32_t>(number));
      if (slot.is_used) visit(SlotName{static_cast<std::uint32_t>(number), slot.generation}, *slot.value());
    }
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t kBlockSlots = 64;

  struct Slot {
    alignas(T) std::byte storage[sizeof(T)];
    std::uint32_t generation = 1;
    std::uint32_t next_free = kNone;
    bool is_used = false;
    T* value() noexcept { return std::launder(reinterpret_cast<T*>(storage)); }
  };

  Slot& slot_at(std::uint32_t number) noexcept { return blocks_[number / kBlockSlots][number % kBlockSlots]; }

  void add_block() {
    const std::size_t first = blocks_.size() * kBlockSlots;
    if (first + kBlockSlots > kNone) throw std::length_error("a SlotMap has run out of slot numbers");
    blocks_.push_back(std::unique_ptr<Slot[]>(new Slot[kBlockSlots]));
    // The lowest number comes first, so that a small map touches little memory.
    for (std::size_t i = kBlockSlots; i-- > 0;) {
      blocks_.back()[i].next_free = std::exchange(first_free_, static_cast<std::uint32_t>(first + i));
    }
  }

  void release(std::uint32_t number) noexcept {
    Slot& slot = slot_at(number);
    slot.is_used = false;
    --size_;
    ++slot.generation;
    slot.value()->~T();
    // A slot whose generations are used up is never given out again: an old name could come back to life.
    if (slot.generation != 0) slot.next_free = std::exchange(first_free_, number);
  }

  std::vector<std::unique_ptr<Slot[]>> blocks_;
  std::uint32_t first_free_ = kNone;
  std::size_t size_ = 0;
};

}  // namespace naru::base
