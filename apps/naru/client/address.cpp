#include "naru/client/address.hpp"

namespace apps {
namespace {

bool is_unreserved(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_letter || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

std::string query_of(std::string_view name, std::string_view value) {
  return "?" + std::string(name) + "=" + percent_encoded(value);
}

std::string server_of(const ChannelAddress& address) {
  std::string server = address.server;
  while (server.ends_with('/'))
    server.pop_back();
  return server;
}

std::string ChannelAddress::url() const {
  return server_of(*this) + path + "/" + percent_encoded(channel);
}

std::vector<std::string> ChannelAddress::fields() const {
  if (token.empty()) return {};
  return {"Authorization: Bearer " + token};
}

}  // namespace apps
