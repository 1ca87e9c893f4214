#include "admin/sessions.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "base/ids.hpp"

namespace naru::admin {
namespace {

std::string new_id() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::byte, 16> random;
  base::random_bytes(random);
  std::string id;
  for (const std::byte byte : random) {
    id += kDigits[std::to_integer<unsigned>(byte) >> 4];
    id += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return id;
}

}  // namespace

std::string Sessions::open(base::TimePoint now) {
  std::string id = new_id();
  if (most_ == 0) return id;
  std::lock_guard lock(mutex_);
  while (!order_.empty() && (order_.size() >= most_ || ends_.at(order_.front()) <= now)) {
    ends_.erase(order_.front());
    order_.pop_front();
  }
  ends_.emplace(id, now + lifetime_);
  order_.push_back(id);
  return id;
}

bool Sessions::knows(std::string_view id, base::TimePoint now) const {
  std::lock_guard lock(mutex_);
  const auto found = ends_.find(id);
  return found != ends_.end() && now < found->second;
}

std::size_t Sessions::size() const {
  std::lock_guard lock(mutex_);
  return order_.size();
}

}  // namespace naru::admin
