// The page of web/, built into the program.
#pragma once

#include <span>

#include "naru/asset.hpp"

namespace lab {

// Made at build time (cmake/embed.cmake).
std::span<const naru::Asset> page_files();

}  // namespace lab
