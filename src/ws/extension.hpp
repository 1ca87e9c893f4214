// Sec-WebSocket-Extensions: its grammar (RFC 6455 section 9.1), and what is agreed of permessage-deflate
// (RFC 7692 section 7.1).
//
//   if (auto agreed = negotiate_deflate(exchange.head(), options)) {
//     response.add("Sec-WebSocket-Extensions", agreed->answer);
//     use(agreed->parameters);
//   }
//
// Functions of bytes, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request_head.hpp"
#include "naru/compression.hpp"

namespace naru::ws {

struct ExtensionParameter {
  std::string_view name{};
  std::optional<std::string> value{};  // without quotes and escapes
};

// One item of the list. The views are parts of the text that was parsed.
struct Extension {
  std::string_view name{};
  std::vector<ExtensionParameter> parameters{};
};

// Appends the items of one field's value. False when it does not match the grammar; `out` then holds
// anything.
[[nodiscard]] bool parse_extensions(std::string_view text, std::vector<Extension>& out);

// permessage-deflate as both sides have agreed on it.
struct DeflateParameters {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;
};

struct AgreedDeflate {
  DeflateParameters parameters{};
  std::string answer{};  // the value of the response's field
};

// Takes the client's first offer that can be kept. An offer with an unknown, repeated or wrong parameter is
// declined; so are all when a field does not match the grammar.
std::optional<AgreedDeflate> negotiate_deflate(const http::RequestHead& request,
                                               const CompressionOptions& options);

}  // namespace naru::ws
