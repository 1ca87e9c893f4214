#include "engineio/request.hpp"

#include <algorithm>
#include <chrono>

#include "base/json_text.hpp"

namespace naru::engineio {
namespace {

constexpr std::string_view kProtocolVersion = "4";

std::optional<Transport> read_transport(const Request& request) noexcept {
  if (request.transport == "polling" && request.allows_polling) return Transport::polling;
  if (request.transport == "websocket" && request.allows_websocket) return Transport::websocket;
  return std::nullopt;
}

// What an HTTP field value may hold: tab, and everything from blank on but DEL (as Node's
// checkInvalidHeaderChar).
bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

RequestVerdict refuse(ErrorCode code, std::string_view context = {}) {
  return {.refusal = Refusal{.code = code, .context = context}};
}

RequestVerdict verify_handshake(const Request& request, Transport transport) {
  if (request.method != "GET") return refuse(ErrorCode::bad_handshake_method);
  if (request.is_upgrade != (transport == Transport::websocket)) {
    return refuse(ErrorCode::bad_request, "TRANSPORT_HANDSHAKE_ERROR");
  }
  return {.kind = request.is_upgrade ? RequestKind::handshake_websocket : RequestKind::handshake_polling};
}

RequestVerdict verify_known(const Request& request, Transport transport) {
  if (!request.session) return refuse(ErrorCode::unknown_sid);
  if (request.is_upgrade && transport != Transport::websocket)
    return refuse(ErrorCode::bad_request, "TRANSPORT_HANDSHAKE_ERROR");
  // An ordinary request cannot carry a session that is on a WebSocket, whatever transport it names.
  if (!request.is_upgrade && (*request.session != transport || transport == Transport::websocket)) {
    return refuse(ErrorCode::bad_request, "TRANSPORT_MISMATCH");
  }
  if (request.eio != kProtocolVersion) return refuse(ErrorCode::bad_request, "PROTOCOL_MISMATCH");
  if (request.is_upgrade) return {.kind = RequestKind::upgrade};
  if (request.method == "GET") return {.kind = RequestKind::poll};
  if (request.method == "POST") return {.kind = RequestKind::post};
  return refuse(ErrorCode::method_not_handled);
}

std::string error_json(ErrorCode code, std::string_view message) {
  std::string json = "{\"code\":" + std::to_string(static_cast<int>(code)) + ",\"message\":";
  base::append_json_string(json, message);
  json += '}';
  return json;
}

void append_milliseconds(std::string& json, std::string_view key, base::Duration duration) {
  json += key;
  json += std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace

RequestVerdict verify(const Request& request) {
  const std::optional<Transport> transport = read_transport(request);
  if (!transport) return refuse(ErrorCode::unknown_transport);
  if (request.origin && !is_field_value(*request.origin))
    return refuse(ErrorCode::bad_request, "INVALID_ORIGIN");
  const bool has_sid = request.sid && !request.sid->empty();
  return has_sid ? verify_known(request, *transport) : verify_handshake(request, *transport);
}

std::optional<Refusal> verify_version(const Request& request) {
  if (request.eio == kProtocolVersion) return std::nullopt;
  return Refusal{.code = ErrorCode::unsupported_protocol_version};
}

std::string_view error_message(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::unknown_transport:
      return "Transport unknown";
    case ErrorCode::unknown_sid:
      return "Session ID unknown";
    case ErrorCode::bad_handshake_method:
      return "Bad handshake method";
    case ErrorCode::bad_request:
      return "Bad request";
    case ErrorCode::forbidden:
      return "Forbidden";
    case ErrorCode::unsupported_protocol_version:
      return "Unsupported protocol version";
    case ErrorCode::method_not_handled:
      break;
  }
  return {};
}

ErrorAnswer refusal_answer(const Refusal& refusal, bool is_upgrade, std::string_view message) {
  if (message.empty()) message = error_message(refusal.code);
  if (refusal.code == ErrorCode::method_not_handled) return {.status = 500};
  if (is_upgrade)
    return {.status = 400, .content_type = "text/html", .body = std::string(message), .close = true};
  return {.status = refusal.code == ErrorCode::forbidden ? 403 : 400,
          .content_type = "application/json",
          .body = error_json(refusal.code, message)};
}

std::string handshake_json(std::string_view sid, Transport transport, const SessionOptions& options) {
  const bool may_upgrade = transport == Transport::polling && options.allow_upgrades;
  std::string json = "{\"sid\":";
  base::append_json_string(json, sid);
  json += may_upgrade ? ",\"upgrades\":[\"websocket\"]" : ",\"upgrades\":[]";
  append_milliseconds(json, ",\"pingInterval\":", options.ping_interval);
  append_milliseconds(json, ",\"pingTimeout\":", options.ping_timeout);
  json += ",\"maxPayload\":" + std::to_string(options.max_payload) + '}';
  return json;
}

}  // namespace naru::engineio
