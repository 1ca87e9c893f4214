#include "http/content_type.hpp"

#include <array>
#include <utility>

#include "http/fields.hpp"
#include "http/grammar.hpp"

namespace naru::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 30> kTypes = {{
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"xml", "application/xml"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/x-icon"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"wasm", "application/wasm"},
    {"pdf", "application/pdf"},
    {"zip", "application/zip"},
    {"gz", "application/gzip"},
    {"mp3", "audio/mpeg"},
    {"ogg", "audio/ogg"},
    {"mp4", "video/mp4"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
}};

}  // namespace

std::string_view content_type_of(std::string_view path) noexcept {
  const std::size_t point = path.find_last_of("./");
  if (point != std::string_view::npos && path[point] == '.') {
    const std::string_view extension = path.substr(point + 1);
    for (const auto& [known, type] : kTypes) {
      if (equal_names(extension, known)) return type;
    }
  }
  return "application/octet-stream";
}

std::string_view media_type(std::string_view content_type) noexcept {
  return trim_blanks(content_type.substr(0, content_type.find(';')));
}

bool is_media_type(std::string_view content_type, std::string_view type) noexcept {
  return equal_names(media_type(content_type), type);
}

}  // namespace naru::http
