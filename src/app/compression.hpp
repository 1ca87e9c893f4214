// What a user has set for permessage-deflate, checked when the server is set up.
#pragma once

#include <stdexcept>
#include <string>

#include "naru/compression.hpp"

namespace naru::app {

inline void require_between(const char* name, int value, int least, int most) {
  if (value >= least && value <= most) return;
  throw std::logic_error("CompressionOptions: " + std::string(name) + " must be between " +
                         std::to_string(least) + " and " + std::to_string(most));
}

// Throws std::logic_error for what zlib could not do.
inline const CompressionOptions& checked(const CompressionOptions& options) {
  require_between("level", options.level, 1, 9);
  require_between("server_max_window_bits", options.server_max_window_bits, 8, 15);
  require_between("client_max_window_bits", options.client_max_window_bits, 8, 15);
  return options;
}

}  // namespace naru::app
