// The official client's script, as npm has it, built into the library.
#pragma once

#include <span>
#include <string_view>

#include "naru/asset.hpp"

namespace naru::app {

// socket.io.js and seven others, by file name.
std::span<const Asset> client_files();
std::string_view client_version();  // "4.8.4"

}  // namespace naru::app
