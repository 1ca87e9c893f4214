// The headers of a message as its publisher names them, gathered into the one JSON object that a Message
// keeps.
//
//   MessageHeaders headers;
//   if (auto fault = headers.add("Trace-Id", "41")) refuse(*fault);
//   message.headers = std::move(headers).text();                       // {"trace-id":"41"}; empty without
//   headers
//
// Names come out in small letters, in the order they were given. One owner.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru::channel {

class MessageHeaders {
 public:
  // They travel with every copy of the message: a few marks, not a second body.
  static constexpr std::size_t kMaxCount = 32;
  static constexpr std::size_t kMaxNameSize = 64;
  static constexpr std::size_t kMaxValueSize = 256;

  // A sentence when it is not taken: a name is 1 to 64 of [A-Za-z0-9_-] and comes once, a value has at most
  // 256 bytes of UTF-8 without control characters.
  [[nodiscard]] std::optional<std::string_view> add(std::string_view name, std::string_view value);
  bool empty() const noexcept { return names_.empty(); }
  std::string text() &&;

 private:
  std::vector<std::string> names_;
  std::string text_;  // the object without its last brace
};

}  // namespace naru::channel
