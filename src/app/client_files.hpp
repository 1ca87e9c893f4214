#pragma once
// The official client script, taken from npm at build time and built in (cmake/embed.cmake): socket.io.js,
// socket.io.min.js, socket.io.esm.min.js, socket.io.msgpack.min.js, and the .map of each. Sorted by path. Any
// thread; the bytes live as long as the program.
//
//   for (const naru::Asset& file : client_files())
//     if (file.path == name) return &file;
#include <span>
#include <string_view>

#include "naru/asset.hpp"

namespace naru::app {

std::span<const naru::Asset> client_files();
// The client's version: "4.8.4".
std::string_view client_version();

}  // namespace naru::app
