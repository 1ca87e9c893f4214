// The HTTP side of opening a WebSocket (RFC 6455 section 4.2): is the request one, and what is the answer.
//
// Of extensions it knows permessage-deflate; offers that are not taken are declined as RFC 7692 section 5 has
// it: the answer names no extension.
//
//   Handshake handshake = accept_handshake(exchange.head(), {.subprotocols = spoken, .compression =
//   options}); if (auto* refused = std::get_if<RefusedHandshake>(&handshake))
//     return exchange.respond(std::move(refused->response), base::Slice::borrowed(refused->reason));
//   Session session(exchange.upgrade(std::move(std::get<AcceptedHandshake>(handshake).response)), ...);
//
// Who may connect (Origin, users) is decided elsewhere, before.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "ws/extension.hpp"

namespace naru::ws {

struct AcceptedHandshake {
  http::ResponseHead response;  // 101; the caller may add fields
  std::string subprotocol;      // the one agreed on, empty for none
  std::optional<DeflateParameters> deflate{};
};

struct RefusedHandshake {
  http::ResponseHead response;  // 400, 405 or 426
  std::string_view reason;      // a sentence for the body and the log; a literal
};

using Handshake = std::variant<AcceptedHandshake, RefusedHandshake>;

struct Spoken {
  // The first one in the client's order of preference is agreed on. None in common is no reason to refuse:
  // the answer then names none, and the client decides.
  std::span<const std::string> subprotocols{};
  CompressionOptions compression{};
};

// What the client offers, in its order (RFC 6455 11.3.4: several fields count as one list).
std::vector<std::string> offered_subprotocols(const http::RequestHead& request);

Handshake accept_handshake(const http::RequestHead& request, const Spoken& spoken = {});

// The value of Sec-WebSocket-Accept for a client's key.
std::string accept_key(std::string_view key);

}  // namespace naru::ws
