// Media types: of files by their extension, and of a Content-Type value without its parameters. Literals and
// views.
//
//   head.add("Content-Type", content_type_of("index.html"));        // "text/html; charset=utf-8"
//   if (is_media_type(field, "application/json")) parse(body);
#pragma once

#include <string_view>

namespace naru::http {

// By the extension in any case; "application/octet-stream" for others.
std::string_view content_type_of(std::string_view path) noexcept;
// What stands before the parameters, without blanks around it.
std::string_view media_type(std::string_view content_type) noexcept;
bool is_media_type(std::string_view content_type, std::string_view type) noexcept;

}  // namespace naru::http
