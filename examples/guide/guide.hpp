// What the snippets of docs/GUIDE.md share.
#pragma once

#include <string_view>

#include "naru/log.hpp"

inline void note(std::string_view text) {
  naru::log(naru::Level::info, "guide", text);
}
