// "did you mean …?"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace apps {

// How many letters have to be changed, put in, left out or swapped with their neighbour.
std::size_t letters_apart(std::string_view one, std::string_view other);

// The known name that `name` was probably meant to be; empty when none is near (a third of its letters, at
// least two, may differ).
std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

}  // namespace apps
