#include "hub/publish_lines.hpp"

#include <utility>

namespace naru::hub {

bool PublishLines::has_line(std::string_view name) const {
  if (line_count_.load(std::memory_order_acquire) == 0) return false;
  const std::lock_guard lock(mutex_);
  return lines_.find(name) != lines_.end();
}

PublishLines::Joined PublishLines::join(std::string_view name, LatePublish& publish) {
  const std::lock_guard lock(mutex_);
  const std::size_t memory = publish.memory();
  if (memory > max_bytes_ || bytes_ > max_bytes_ - memory) return Joined::full;
  const auto [line, is_first] = lines_.try_emplace(std::string(name));
  if (is_first) line_count_.fetch_add(1, std::memory_order_release);
  bytes_ += memory;
  line->second.push_back(std::move(publish));
  return is_first ? Joined::first : Joined::behind;
}

std::optional<LatePublish> PublishLines::next(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto line = lines_.find(name);
  if (line == lines_.end()) return std::nullopt;
  if (line->second.empty()) {
    lines_.erase(line);
    line_count_.fetch_sub(1, std::memory_order_release);
    return std::nullopt;
  }
  LatePublish publish = std::move(line->second.front());
  line->second.pop_front();
  bytes_ -= publish.memory();
  return publish;
}

}  // namespace naru::hub
