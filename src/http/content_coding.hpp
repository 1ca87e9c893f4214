// Content codings (RFC 9110 section 8.4.1) made on the fly, for answers that are different each time.
//
//   if (auto smaller = compress(body, ContentCoding::gzip, 1))
//     head.add("Content-Encoding", "gzip"), exchange.respond(std::move(head), base::Slice(*smaller));
//
// Each thread that compresses keeps one compressor for each coding and level that it has used (about 260 KB),
// whatever the number of its connections.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/frame.hpp"

namespace naru::http {

enum class ContentCoding : std::uint8_t {
  gzip,
  deflate,  // in zlib's wrapping, as the RFC has it
};

// Nothing when the result would not be smaller. `level`: zlib's, 1 to 9; others count as the nearest.
std::optional<base::Frame> compress(std::string_view bytes, ContentCoding coding, int level);

}  // namespace naru::http
