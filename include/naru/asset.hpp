#pragma once
// One file that was built into the program: what naru_embed() (cmake/embed.cmake) makes and what static
// routes serve. All views point into the program's read-only data: they live as long as the program (for a
// shared library: as long as it is loaded). Sizes are in bytes. Plain data: any thread may read it.
//
//   extern std::span<const naru::Asset> pages();
//   for (const naru::Asset& asset : pages())
//     if (asset.path == "index.html") serve(asset.bytes, asset.content_type);
#include <string_view>

namespace naru {
inline namespace v0 {

struct Asset {
  std::string_view path;          // relative, without a leading slash: "socket.io.js"
  std::string_view bytes;         // the file as it is
  std::string_view content_type;  // "text/javascript; charset=utf-8"
  std::string_view etag;          // strong, with its quotes (RFC 9110 8.8.3): "\"9f86d0…\""
  std::string_view gzip;          // the same file as gzip, empty when that would not be smaller
  std::string_view brotli = {};   // and in these codings, where the program has them
  std::string_view deflate = {};
};

}  // namespace v0
}  // namespace naru
