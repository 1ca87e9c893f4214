// Files as answers: those built into the program, and those of a folder. Content type, ETag and 304, the
// codings that embedded files have, `nosniff` always. HEAD needs nothing special: the exchange leaves the
// body out.
//
//   if (const Asset* asset = find_asset(pages(), "index.html"))
//     StaticAnswer answer = answer_asset(*asset, exchange.head());
//   StaticAnswer answer = answer_from_folder("/srv/pictures", match.params[0].second, exchange.head());
//   exchange.respond(std::move(answer.head), answer.body);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_chain.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "naru/asset.hpp"

namespace naru::http {

struct StaticAnswer {
  ResponseHead head = {};
  base::Slice body = {};
};

struct StaticOptions {
  // One ETag for all codings of a file, instead of one for each (RFC 9110 8.8.3.3). Nobody can put pieces of
  // different codings together here: there are no ranges.
  bool has_one_tag = false;
  // Ask again each time; with the ETag that costs a 304.
  std::string_view cache_control = "no-cache";
  // Larger files of a folder are not served (404): they are read whole, on the calling thread.
  std::uint64_t max_file = std::uint64_t{32} << 20;
};

// In a table sorted by path (as naru_embed() makes them); null: none.
const Asset* find_asset(std::span<const Asset> sorted, std::string_view path) noexcept;

StaticAnswer answer_asset(const Asset& asset, const RequestHead& request, const StaticOptions& options = {});

// `path` is relative and decoded. 404 for everything that is not a regular file below `folder`: "..", ".",
// empty and hidden parts, backslashes, NUL, and any symbolic link on the way.
StaticAnswer answer_from_folder(const std::filesystem::path& folder, std::string_view path,
                                const RequestHead& request, const StaticOptions& options = {});

}  // namespace naru::http
