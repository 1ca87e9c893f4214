// Entity tags (RFC 9110 sections 8.8.3 and 13.1): texts like "abc" or W/"abc", quotes included.
//
//   if (is_not_modified(exchange.head(), asset.etag)) answer 304;
#pragma once

#include <string_view>

#include "http/request_head.hpp"

namespace naru::http {

bool is_entity_tag(std::string_view text) noexcept;
// Same text, neither of them weak.
bool equal_strongly(std::string_view one, std::string_view other) noexcept;
// Same text behind any W/.
bool equal_weakly(std::string_view one, std::string_view other) noexcept;

// A list of entity tags, or `*`, names this one, compared weakly. A list that does not parse names nothing
// further.
bool tag_list_names(std::string_view list, std::string_view tag) noexcept;
// The If-None-Match fields of a request name this tag: the answer to GET and HEAD is 304.
bool is_not_modified(const RequestHead& head, std::string_view tag) noexcept;

}  // namespace naru::http
