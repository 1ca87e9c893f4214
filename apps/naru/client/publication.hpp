// What is to be published, and the text of it for a batch: one publish object (docs/protocol/channels.md) a
// line.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apps {

struct Publication {
  std::string body = {};
  std::string type = {};  // media type
  std::string event = {};
  std::string key = {};
  std::string idempotency_key = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// What a text on a command line is meant as: JSON when it is JSON, else text; bytes that are no UTF-8 are
// bytes.
std::string guessed_type(std::string_view body);

// {"data" | "text" | "base64": …, "event", …}, on one line.
std::string publish_object(const Publication& publication);
// The same as fields of a POST whose body is the data.
std::vector<std::string> publish_fields(const Publication& publication);

// For retries: the same message is published once. Different for each call.
std::string new_idempotency_key();

}  // namespace apps
