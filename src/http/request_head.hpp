// The head of one HTTP request (RFC 9110, RFC 9112 section 3): request line and fields, checked.
//
// Owns its bytes in one buffer, so it may be moved or copied to another thread; views that it gave out end
// with the object they came from. Only HeadParser makes one that is not empty, so whoever holds one knows:
// the method is one of the known ones, the target has no control bytes, there is exactly one Host in
// HTTP/1.1, names are tokens, values hold no control bytes, and how the body is framed is beyond doubt.
//
//   RequestHead head = exchange.take_head();
//   if (head.method() == "GET" && head.path() == "/rooms") list(Query(head.query()));
//   auto token = head.find("authorization");
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/fields.hpp"

namespace naru::http {

enum class BodyKind : std::uint8_t { none, length, chunked };

class RequestHead {
 public:
  RequestHead() = default;

  std::string_view method() const noexcept { return view(method_); }
  // As it was sent: path and query, or a whole URL (absolute-form), or "*".
  std::string_view target() const noexcept { return view(target_); }
  // Not decoded, without query; of a whole URL its path. Never empty in a parsed head.
  std::string_view path() const noexcept { return path_.size == 0 && !bytes_.empty() ? "/" : view(path_); }
  // What follows '?', not decoded; empty without.
  std::string_view query() const noexcept { return view(query_); }
  // The authority of a whole URL, else the Host field (RFC 9112 3.2.2).
  std::string_view host() const noexcept;
  int minor_version() const noexcept { return minor_version_; }

  // The first field of that name, in any case.
  std::optional<std::string_view> find(std::string_view name) const noexcept { return fields().find(name); }
  std::size_t count(std::string_view name) const noexcept { return fields().count(name); }
  FieldRange fields() const noexcept { return {bytes_, places_}; }

  // What the client asks for: HTTP/1.1 keeps the connection unless told otherwise, 1.0 the other way round.
  bool keep_alive() const noexcept { return keep_alive_; }
  BodyKind body() const noexcept { return body_; }
  // Of a body of kind `length`, in bytes; else 0.
  std::uint64_t content_length() const noexcept { return content_length_; }
  // `Expect: 100-continue` of HTTP/1.1 with a body to wait for.
  bool expects_continue() const noexcept { return expects_continue_; }
  // The Upgrade field names `protocol` and Connection names Upgrade. Never in HTTP/1.0 (RFC 9110 7.8), and
  // never with a body: its bytes would be taken for the new protocol's.
  bool wants_upgrade(std::string_view protocol) const noexcept;

 private:
  friend class HeadParser;
  struct Part {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  // Empty for a head that was moved from.
  std::string_view view(Part part) const noexcept {
    if (bytes_.size() < std::size_t{part.begin} + part.size) return {};
    return {bytes_.data() + part.begin, part.size};
  }

  std::string bytes_;
  std::vector<FieldPlace> places_;
  Part method_;
  Part target_;
  Part path_;
  Part query_;
  Part authority_;
  std::uint64_t content_length_ = 0;
  BodyKind body_ = BodyKind::none;
  std::uint8_t minor_version_ = 1;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
};

}  // namespace naru::http
