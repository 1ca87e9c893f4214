// Header fields in order, as views: what request and response heads share (RFC 9110 section 5).
//
//   for (const Field& field : head.fields())
//     if (equal_names(field.name, "x-forwarded-for")) use(field.value);
//
// Views live as long as the head that they came from is neither changed, moved nor destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace naru::http {

struct Field {
  std::string_view name;   // as it was sent
  std::string_view value;  // without blanks around it
};

// Field names and most tokens compare without regard to ASCII case.
bool equal_names(std::string_view one, std::string_view other) noexcept;

// Where a field stands in the bytes of its head. Heads are limited to far less than 4 GiB.
struct FieldPlace {
  std::uint32_t name = 0;
  std::uint32_t name_size = 0;
  std::uint32_t value = 0;
  std::uint32_t value_size = 0;
};

class FieldRange {
 public:
  class Iterator {
   public:
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const char* bytes, const FieldPlace* place) : bytes_(bytes), place_(place) {}
    Field operator*() const {
      return {{bytes_ + place_->name, place_->name_size}, {bytes_ + place_->value, place_->value_size}};
    }
    Iterator& operator++() { return ++place_, *this; }
    Iterator operator++(int) { return Iterator(bytes_, place_++); }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }

   private:
    const char* bytes_ = nullptr;
    const FieldPlace* place_ = nullptr;
  };

  FieldRange(std::string_view bytes, std::span<const FieldPlace> places)
      : bytes_(bytes.data()), places_(places) {}
  Iterator begin() const { return {bytes_, places_.data()}; }
  Iterator end() const { return {bytes_, places_.data() + places_.size()}; }
  std::size_t size() const noexcept { return places_.size(); }
  bool empty() const noexcept { return places_.empty(); }

  // The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;

 private:
  const char* bytes_;
  std::span<const FieldPlace> places_;
};

// Fields to be sent, kept in their wire form: `Name: value CRLF` one after the other in one buffer.
class FieldList {
 public:
  // False, and nothing added, when the name is no token or the value holds CR, LF, NUL or another control
  // byte: such a field could end the head early and forge an answer.
  bool add(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  void clear() noexcept;

  FieldRange range() const { return {bytes_, places_}; }
  FieldRange::Iterator begin() const { return range().begin(); }
  FieldRange::Iterator end() const { return range().end(); }
  std::size_t size() const noexcept { return places_.size(); }
  bool empty() const noexcept { return places_.empty(); }
  std::optional<std::string_view> find(std::string_view name) const noexcept { return range().find(name); }
  std::size_t count(std::string_view name) const noexcept { return range().count(name); }
  std::string_view wire() const noexcept { return bytes_; }

 private:
  std::string bytes_;
  std::vector<FieldPlace> places_;
};

}  // namespace naru::http
