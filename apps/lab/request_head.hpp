// What a browser says of itself with every request. It does not show that to its pages, and the lab counts
// it.
#pragma once

#include <cstddef>

#include "naru/http.hpp"

namespace lab {

// Bytes of the fields that browsers add by themselves, with their names, colons and line ends.
std::size_t own_field_bytes(const naru::Request& request);

}  // namespace lab
