// What is published by a plain POST: the body is the data, its Content-Type says how it is kept.
//
//   Message message;
//   if (auto fault = set_body(message, head.find("Content-Type").value_or(""), std::move(body))) return
//   refuse(*fault); if (auto fault = set_event(message, head.find("Naru-Event").value_or(""))) return
//   refuse(*fault);
//
// application/json must be JSON; text/* and application/x-www-form-urlencoded must be UTF-8; anything else is
// kept as bytes with its type; no type means application/octet-stream. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/frame.hpp"
#include "channel/message.hpp"

namespace naru::channel {

// Sets kind, type and data. The body's frame is shared, not copied.
[[nodiscard]] std::optional<std::string> set_body(Message& message, std::string_view content_type,
                                                  base::Frame body);

}  // namespace naru::channel
