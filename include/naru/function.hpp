// A callable that can only be moved: what std::function would be if it took move-only closures.
//
//   naru::Function<void(int)> on_number = [owned = std::make_unique<int>(1)](int n) { ... };
//   if (on_number) on_number(7);
//
// Closures of up to three pointers are kept inside; larger ones are allocated. Calling an empty Function
// throws std::bad_function_call. Not thread-safe by itself.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace naru {
inline namespace v0 {

template <class Signature>
class Function;

template <class R, class... Args>
class Function<R(Args...)> {
 public:
  Function() noexcept = default;
  Function(std::nullptr_t) noexcept {}  // NOLINT: like std::function

  template <class F, class Stored = std::decay_t<F>>
  requires(!std::is_same_v<Stored, Function> && std::is_invocable_r_v<R, Stored&, Args...>)
      Function(F&& callable) {  // NOLINT: like std::function
    if constexpr (std::is_constructible_v<bool, Stored&> && !std::is_function_v<std::remove_reference_t<F>> &&
                  (std::is_pointer_v<Stored> || std::is_member_pointer_v<Stored>)) {
      if (!static_cast<bool>(callable)) return;
    }
    if constexpr (fits<Stored>()) {
      ::new (static_cast<void*>(storage_)) Stored(std::forward<F>(callable));
      table_ = &kInside<Stored>;
    } else {
      ::new (static_cast<void*>(storage_)) Stored*(new Stored(std::forward<F>(callable)));
      table_ = &kOutside<Stored>;
    }
  }

  Function(Function&& other) noexcept { take(other); }
  Function& operator=(Function&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;
  ~Function() { reset(); }

  explicit operator bool() const noexcept { return table_ != nullptr; }

  R operator()(Args... args) const {
    if (table_ == nullptr) throw std::bad_function_call();
    return table_->call(storage_, std::forward<Args>(args)...);
  }

 private:
  struct Table {
    R (*call)(void*, Args&&...);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };
  static constexpr std::size_t kSize = 3 * sizeof(void*);

  template <class Stored>
  static constexpr bool fits() {
    return sizeof(Stored) <= kSize && alignof(Stored) <= alignof(void*) &&
           std::is_nothrow_move_constructible_v<Stored>;
  }
  template <class Stored>
  static R invoke(Stored& stored, Args&&... args) {
    if constexpr (std::is_void_v<R>) {
      std::invoke(stored, std::forward<Args>(args)...);
    } else {
      return std::invoke(stored, std::forward<Args>(args)...);
    }
  }
  template <class Stored>
  static constexpr Table kInside = {
      [](void* at, Args&&... args) -> R {
        return invoke(*std::launder(static_cast<Stored*>(at)), std::forward<Args>(args)...);
      },
      [](void* from, void* to) noexcept {
        auto* stored = std::launder(static_cast<Stored*>(from));
        ::new (to) Stored(std::move(*stored));
        stored->~Stored();
      },
      [](void* at) noexcept { std::launder(static_cast<Stored*>(at))->~Stored(); }};
  template <class Stored>
  static constexpr Table kOutside = {
      [](void* at, Args&&... args) -> R {
        return invoke(**std::launder(static_cast<Stored**>(at)), std::forward<Args>(args)...);
      },
      [](void* from, void* to) noexcept { ::new (to) Stored*(*std::launder(static_cast<Stored**>(from))); },
      [](void* at) noexcept { delete *std::launder(static_cast<Stored**>(at)); }};

  void take(Function& other) noexcept {
    table_ = std::exchange(other.table_, nullptr);
    if (table_ != nullptr) table_->move(other.storage_, storage_);
  }
  void reset() noexcept {
    if (const Table* table = std::exchange(table_, nullptr)) table->destroy(storage_);
  }

  const Table* table_ = nullptr;
  alignas(void*) mutable std::byte storage_[kSize];
};

}  // namespace v0
}  // namespace naru
