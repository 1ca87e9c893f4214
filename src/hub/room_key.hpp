// A room's name with its hash, computed once per call however many loops and tables it is looked up in.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace naru::hub {

struct RoomKey {
  std::string name;
  std::size_t hash;

  explicit RoomKey(std::string text) : name(std::move(text)), hash(std::hash<std::string_view>()(name)) {}
  friend bool operator==(const RoomKey& a, const RoomKey& b) { return a.hash == b.hash && a.name == b.name; }
};

struct RoomKeyHash {
  std::size_t operator()(const RoomKey& key) const noexcept { return key.hash; }
};

}  // namespace naru::hub
