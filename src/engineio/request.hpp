// What an HTTP request to the Engine.IO path asks for, or why it is refused: the checks of the reference
// server, in its order. Plain data in, plain data out; the door fills the views and writes the answer.
//
//   RequestVerdict verdict = verify(request);
//   if (verdict.refusal) return answer(refusal_answer(*verdict.refusal, request.is_upgrade));
//   if (is_handshake(verdict.kind)) /* ask allow_request, then */ if (auto refusal = verify_version(request))
//   ...
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/options.hpp"

namespace naru::engineio {

// The query's values are already decoded; of duplicate keys the last one counts. An empty sid is no sid.
struct Request {
  std::string_view method{};
  bool is_upgrade = false;  // wants a WebSocket: Upgrade and Connection say so
  std::optional<std::string_view> eio{};
  std::optional<std::string_view> transport{};
  std::optional<std::string_view> sid{};
  std::optional<std::string_view> origin{};  // the Origin header's bytes
  std::optional<Transport> session{};  // the transport of the session that sid names; empty: there is none
  bool allows_polling = true;          // which transports this server offers
  bool allows_websocket = true;
};

enum class RequestKind { handshake_polling, handshake_websocket, poll, post, upgrade };

constexpr bool is_handshake(RequestKind kind) noexcept {
  return kind == RequestKind::handshake_polling || kind == RequestKind::handshake_websocket;
}

// The codes that clients see. `method_not_handled` has none: PUT and the like with a valid sid get an empty
// 500.
enum class ErrorCode : int {
  unknown_transport = 0,
  unknown_sid = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_protocol_version = 5,
  method_not_handled = -1,
};

struct Refusal {
  ErrorCode code = ErrorCode::bad_request;
  std::string_view context{};  // for logs and connection_error: INVALID_ORIGIN, TRANSPORT_MISMATCH, ...
};

struct RequestVerdict {
  RequestKind kind = RequestKind::poll;
  std::optional<Refusal> refusal{};  // set: `kind` says nothing
};

// Every check but the protocol version, which comes after the user's allow_request and only for handshakes.
RequestVerdict verify(const Request& request);
// Code 5 for everything but EIO=4. To be asked before any 101.
std::optional<Refusal> verify_version(const Request& request);

// The reference's text ("Session ID unknown"); a literal.
std::string_view error_message(ErrorCode code) noexcept;

struct ErrorAnswer {
  int status = 400;
  std::string_view content_type{};  // a literal; empty: no body
  std::string body{};
  bool close = false;  // Connection: close
};

// The answer that the reference gives: JSON with code and message; for upgrades always 400 with the bare
// message as text/html, and the connection ends. `message` replaces the standard text (what allow_request
// said).
ErrorAnswer refusal_answer(const Refusal& refusal, bool is_upgrade, std::string_view message = {});

// The open packet's payload: sid, upgrades, pingInterval, pingTimeout, maxPayload, in this order.
std::string handshake_json(std::string_view sid, Transport transport, const SessionOptions& options);

}  // namespace naru::engineio
