// Where a channel is, and with which token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace apps {

struct ChannelAddress {
  std::string server = "http://localhost:8005";  // with or without a slash at its end
  std::string path = "/channels";                // as the server has it
  std::string channel = {};
  std::string token = {};  // empty: none

  // "http://localhost:8005/channels/news"
  std::string url() const;
  // "Authorization: Bearer …", if there is a token.
  std::vector<std::string> fields() const;
};

// Everything but RFC 3986's unreserved characters as %XX.
std::string percent_encoded(std::string_view text);
// "?name=value", encoded; "&" instead of "?" is the caller's affair.
std::string query_of(std::string_view name, std::string_view value);
// The server alone: "http://localhost:8005".
std::string server_of(const ChannelAddress& address);

}  // namespace apps
