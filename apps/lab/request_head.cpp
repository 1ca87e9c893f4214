#include "lab/request_head.hpp"

#include <optional>
#include <string_view>

namespace lab {
namespace {

constexpr std::string_view kOwnFields[] = {
    "Host",
    "Connection",
    "User-Agent",
    "Accept-Encoding",
    "Accept-Language",
    "Cookie",
    "Referer",
    "Cache-Control",
    "Pragma",
    "Priority",
    "DNT",
    "Sec-GPC",
    "Sec-CH-UA",
    "Sec-CH-UA-Mobile",
    "Sec-CH-UA-Platform",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Accept",
};
constexpr std::size_t kAroundField = std::string_view(": \r\n").size();

}  // namespace

std::size_t own_field_bytes(const naru::Request& request) {
  std::size_t bytes = 0;
  for (const std::string_view name : kOwnFields) {
    const std::optional<std::string_view> value = request.header(name);
    if (value) bytes += name.size() + value->size() + kAroundField;
  }
  return bytes;
}

}  // namespace lab
