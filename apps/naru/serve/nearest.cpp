#include "naru/serve/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace apps {
namespace {

// Keys are short; what is longer is no slip of the finger.
constexpr std::size_t kLongestName = 64;

}  // namespace

// Optimal string alignment, with the three last rows of the table.
std::size_t letters_apart(std::string_view one, std::string_view other) {
  std::vector<std::size_t> before(other.size() + 1), row(other.size() + 1), next(other.size() + 1);
  for (std::size_t at = 0; at <= other.size(); ++at)
    row[at] = at;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t change = row[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, change});
      const bool is_swap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (is_swap) next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before = std::exchange(row, next);
  }
  return row[other.size()];
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
  std::string_view best;
  if (name.size() > kLongestName) return best;
  std::size_t distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t apart = letters_apart(name, candidate);
    if (apart < distance) distance = apart, best = candidate;
  }
  return best;
}

}  // namespace apps
