#include "naru/client/position_file.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace apps {
namespace {

constexpr std::size_t kMaxPosition = 64;

bool is_position(const std::string& text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-";
  return !text.empty() && text.size() <= kMaxPosition &&
         text.find_first_not_of(kAllowed) == std::string::npos;
}

}  // namespace

std::optional<std::string> PositionFile::read() const {
  std::ifstream file(path_);
  if (!file) return std::nullopt;
  std::string position;
  file >> position;
  if (!is_position(position)) throw std::runtime_error(path_ + " holds no position");
  return position;
}

void PositionFile::keep(const std::string& position) {
  position_ = position;
  is_written_ = false;
  if (std::chrono::steady_clock::now() - written_at_ >= kEvery) write_last();
}

// Beside it first, so that there is always a whole one.
void PositionFile::write_last() {
  if (is_written_) return;
  is_written_ = true;
  written_at_ = std::chrono::steady_clock::now();
  const std::string beside = path_ + ".new";
  {
    std::ofstream file(beside, std::ios::trunc);
    file << position_ << '\n';
    if (!file.flush()) return;
  }
  std::rename(beside.c_str(), path_.c_str());
}

}  // namespace apps
