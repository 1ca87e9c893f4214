// The head of one answer, without what the exchange decides by itself: framing, Date, keep-alive.
//
//   ResponseHead head{200};
//   head.add("Content-Type", "application/json");
//   exchange.respond(std::move(head), base::Slice(frame));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/fields.hpp"

namespace naru::http {

struct ResponseHead {
  int status = 200;
  FieldList fields = {};
  bool closes = false;  // `Connection: close` was added: the connection ends after this answer

  // Adds a field; several of one name are fine. False, and nothing added, when it would break the head (see
  // FieldList::add). Content-Length and Transfer-Encoding are left out too: they follow from the call that
  // answers. `Connection: close` is kept as `closes`.
  bool add(std::string_view name, std::string_view value);
};

// How the body behind the head is delimited (RFC 9112 section 6).
enum class Framing : std::uint8_t { none, length, chunked, until_close };

// What the exchange adds to a head when it goes out.
struct HeadContext {
  Framing framing = Framing::none;
  std::uint64_t length = 0;  // of Framing::length
  int minor_version = 1;     // of the request; the answer always says HTTP/1.1
  bool keep_alive = true;    // Connection: close, or keep-alive for HTTP/1.0, accordingly
  bool is_upgrade = false;   // the given Connection field stands, no other is added
  std::string_view date{};   // empty: no Date field
};

// Status line, fields, and the empty line, ready to be sent.
std::string to_wire(const ResponseHead& head, const HeadContext& context);

// The phrase of a status in RFC 9110, "Unknown" for others. A literal.
std::string_view reason_phrase(int status) noexcept;

// Answers with this status never have a body (RFC 9110 6.4.1): 1xx, 204, 304.
constexpr bool is_bodiless(int status) noexcept {
  return (status >= 100 && status < 200) || status == 204 || status == 304;
}

}  // namespace naru::http
