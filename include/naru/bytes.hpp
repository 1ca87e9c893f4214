// Binary data that is shared, never changed, and cheap to copy: one part of an event, a file, a picture.
//
//   naru::Bytes picture = naru::Bytes::copy(view);
//   socket.emit("picture", picture);                 // arrives as a Buffer, ArrayBuffer or Uint8Array
//   io.on("picture", [](naru::Socket&, naru::Bytes picture) { store(picture.view()); });
//
// A copy is a pointer and a view; the last one frees the bytes. Views live as long as any copy. May be shared
// between threads without locks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace naru {
inline namespace v0 {

class Bytes {
 public:
  Bytes() = default;
  // Takes the string's memory.
  explicit Bytes(std::string bytes) {
    auto owner = std::make_shared<const std::string>(std::move(bytes));
    view_ = *owner;
    owner_ = std::move(owner);
  }
  // Bytes that `owner` keeps alive and unchanged.
  Bytes(std::shared_ptr<const void> owner, std::string_view view) : owner_(std::move(owner)), view_(view) {}

  static Bytes copy(std::string_view bytes) { return Bytes(std::string(bytes)); }
  static Bytes copy(std::span<const std::byte> bytes) {
    return copy(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }

  const char* data() const noexcept { return view_.data(); }
  std::size_t size() const noexcept { return view_.size(); }
  bool empty() const noexcept { return view_.empty(); }
  std::string_view view() const noexcept { return view_; }
  std::span<const std::byte> bytes() const noexcept {
    return {reinterpret_cast<const std::byte*>(data()), size()};
  }

  // The bytes from `offset` on, at most `count` of them, sharing the same memory. Clamped to what is there.
  Bytes part(std::size_t offset, std::size_t count = std::string_view::npos) const {
    return Bytes(owner_, view_.substr(std::min(offset, size()), count));
  }

  friend bool operator==(const Bytes& a, const Bytes& b) noexcept { return a.view_ == b.view_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

}  // namespace v0
}  // namespace naru
