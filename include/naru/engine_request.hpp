// What an engine's gates and hooks see of one HTTP request, and what they may add to its answer.
//
//   engine.use([](naru::EngineRequest& request) -> naru::Verdict {
//     request.answer().set("X-Frame-Options", "DENY");
//     return known(request.cookie("session")) ? naru::allow : naru::refuse("who is it?");
//   });
//
// An EngineRequest is a handle: copy it to answer later. Until the answer it is its owner's alone, on
// whatever thread; afterwards only reading what the client sent is allowed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/handshake.hpp"

namespace naru {
namespace http {
class FieldList;
}
namespace serve {
struct EngineRequestRecord;
}
inline namespace v0 {

// Fields of an answer. Those that frame it (Connection, Content-Length, Transfer-Encoding, Upgrade and what
// begins with Sec-WebSocket-) are the server's own: they are left out and logged, as is a field that would
// break the head; the functions return false then.
class ResponseHeaders {
 public:
  explicit ResponseHeaders(http::FieldList& fields) : fields_(&fields) {}
  // Beside those of the same name: how several cookies are set.
  bool add(std::string_view name, std::string_view value);
  // Instead of all of the same name.
  bool set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  // The first one's value.
  std::optional<std::string> get(std::string_view name) const;

 private:
  http::FieldList* fields_;
};

class EngineRequest {
 public:
  explicit EngineRequest(std::shared_ptr<serve::EngineRequestRecord> record);

  std::string_view method() const;
  // The session that it names; empty: a handshake.
  const std::string& sid() const;
  bool is_handshake() const { return sid().empty(); }
  bool is_upgrade() const;  // wants to become a WebSocket

  std::optional<std::string_view> header(std::string_view name) const { return request_.header(name); }
  // All fields as (lower-case name, value), in the order in which they came.
  std::vector<std::pair<std::string, std::string>> headers() const { return request_.headers(); }
  std::optional<std::string> query(std::string_view name) const { return request_.query(name); }
  std::optional<std::string> cookie(std::string_view name) const { return request_.cookie(name); }
  std::string_view url() const { return request_.url(); }
  std::string_view address() const { return request_.address(); }
  bool secure() const { return request_.secure(); }

  // What the answer carries besides its own fields, errors and the 101 included. To be changed before the
  // verdict; in the header hooks by what they are given.
  ResponseHeaders answer();

 private:
  std::shared_ptr<serve::EngineRequestRecord> record_;
  Handshake request_;
};

// Why a request got no session, or not the one that it named.
struct ConnectionError {
  // As the client is told: 0 unknown transport, 1 unknown sid, 2 bad method, 3 bad request, 4 forbidden,
  // 5 unsupported version.
  int code = 0;
  std::string message = {};
  // What is known besides, under Node's names: "name" (TRANSPORT_MISMATCH, MIDDLEWARE_FAILURE …), "sid",
  // "transport", "previousTransport", "method", "origin", "protocol", "message", "error".
  std::vector<std::pair<std::string, std::string>> context = {};

  // Empty when it is not there.
  std::string_view find(std::string_view key) const {
    for (const auto& [name, value] : context) {
      if (name == key) return value;
    }
    return {};
  }
};

}  // namespace v0
}  // namespace naru
