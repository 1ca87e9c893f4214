#include "ws/handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "base/base64.hpp"
#include "http/grammar.hpp"

namespace naru::ws {
namespace {

constexpr std::string_view kVersion = "13";
constexpr std::string_view kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 1.3
constexpr std::size_t kKeyBytes = 16;

// Fetched once: looking an algorithm up costs more than a hash of sixty bytes.
const EVP_MD* sha1() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  return algorithm;
}

bool is_key(std::string_view key) {
  std::string bytes;
  return base::decode_base64(key, bytes) && bytes.size() == kKeyBytes;
}

// The one value of a field that must come exactly once.
std::optional<std::string_view> single(const http::RequestHead& request, std::string_view name) {
  if (request.count(name) != 1) return std::nullopt;
  return request.find(name);
}

// The connection ends with a refusal: what the client sends behind it may be frames, not requests.
RefusedHandshake refuse(int status, std::string_view reason) {
  RefusedHandshake refused{.response = {.status = status}, .reason = reason};
  refused.response.add("Content-Type", "text/plain; charset=utf-8");
  refused.response.add("Connection", "close");
  return refused;
}

// RFC 9110 15.5.22: it says which protocol it would speak; RFC 6455 4.4: and which version of it.
RefusedHandshake refuse_with_upgrade(std::string_view reason) {
  RefusedHandshake refused = refuse(426, reason);
  refused.response.add("Upgrade", "websocket");
  refused.response.add("Connection", "Upgrade");
  refused.response.add("Sec-WebSocket-Version", kVersion);
  return refused;
}

std::optional<RefusedHandshake> check(const http::RequestHead& request) {
  if (request.method() != "GET") {
    RefusedHandshake refused = refuse(405, "a WebSocket is opened with GET");
    refused.response.add("Allow", "GET");
    return refused;
  }
  if (!request.wants_upgrade("websocket")) return refuse_with_upgrade("this address speaks WebSocket");
  if (single(request, "sec-websocket-version") != kVersion) {
    return refuse_with_upgrade("Sec-WebSocket-Version must be 13");
  }
  const std::optional<std::string_view> key = single(request, "sec-websocket-key");
  if (!key || !is_key(*key)) return refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  return std::nullopt;
}

std::string pick_subprotocol(const http::RequestHead& request, std::span<const std::string> spoken) {
  if (spoken.empty()) return {};
  for (const std::string& offer : offered_subprotocols(request)) {
    if (std::find(spoken.begin(), spoken.end(), offer) != spoken.end()) return offer;
  }
  return {};
}

}  // namespace

std::string accept_key(std::string_view key) {
  std::string text(key);
  text += kKeySuffix;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const int done = EVP_Digest(text.data(), text.size(), digest, &size, sha1(), nullptr);
  assert(done == 1);
  static_cast<void>(done);
  std::string accept;
  base::append_base64(accept, {reinterpret_cast<const char*>(digest), size});
  return accept;
}

std::vector<std::string> offered_subprotocols(const http::RequestHead& request) {
  std::vector<std::string> offered;
  for (const http::Field field : request.fields()) {
    if (!http::equal_names(field.name, "sec-websocket-protocol")) continue;
    for (http::ListItems items(field.value); const auto item = items.next();)
      offered.emplace_back(*item);
  }
  return offered;
}

Handshake accept_handshake(const http::RequestHead& request, const Spoken& spoken) {
  if (std::optional<RefusedHandshake> refused = check(request)) return std::move(*refused);
  AcceptedHandshake accepted{.response = {.status = 101},
                             .subprotocol = pick_subprotocol(request, spoken.subprotocols)};
  accepted.response.add("Upgrade", "websocket");
  accepted.response.add("Connection", "Upgrade");
  accepted.response.add("Sec-WebSocket-Accept", accept_key(*request.find("sec-websocket-key")));
  if (!accepted.subprotocol.empty()) accepted.response.add("Sec-WebSocket-Protocol", accepted.subprotocol);
  if (auto agreed = negotiate_deflate(request, spoken.compression)) {
    accepted.deflate = agreed->parameters;
    accepted.response.add("Sec-WebSocket-Extensions", agreed->answer);
  }
  return accepted;
}

}  // namespace naru::ws
