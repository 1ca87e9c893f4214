// What the client would like best (RFC 9110 section 12.5): Accept and Accept-Encoding with weights.
//
//   constexpr std::string_view kTypes[] = {"application/json", "text/event-stream", "text/html"};
//   auto choice = choose_type(head.find("accept").value_or("*/*"), kTypes);   // an index, or none: 406
//   auto coding = choose_encoding(head.find("accept-encoding").value_or(""), kCodings);
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace naru::http {

// The offered type of the greatest weight; among equals the one offered first. An empty `accept` takes all.
std::optional<std::size_t> choose_type(std::string_view accept, std::span<const std::string_view> offered);
// The weight of one type in thousandths: the most specific range that fits counts, not the greatest weight.
int weight_of_type(std::string_view accept, std::string_view type);

// The weight of a content coding in an Accept-Encoding value, 0 to 1000; `*` counts when it is not named.
int weight_of_encoding(std::string_view accept_encoding, std::string_view coding);
// The offered coding of the greatest weight; among equals the one that the client names first, as npm's
// `accepts` chooses, and what only `*` covers last. None: send it as it is.
std::optional<std::size_t> choose_encoding(std::string_view accept_encoding,
                                           std::span<const std::string_view> offered);

}  // namespace naru::http
