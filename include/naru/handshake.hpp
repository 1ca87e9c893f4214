// What a client sent when it connected. Kept as long as any handle refers to it, also after the connection
// ended.
//
//   auto token = socket.handshake().auth.get<std::string>("token");
//   auto language = socket.handshake().header("accept-language").value_or("en");
//
// Immutable after the namespace connection was accepted: safe to read from any thread that has the handle.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/value.hpp"

namespace naru {
namespace serve {
struct HandshakeRequest;  // the first HTTP request of the connection
}
inline namespace v0 {

class Handshake {
 public:
  explicit Handshake(std::shared_ptr<const serve::HandshakeRequest> request, Value auth = {});

  // The first field of that name, in any case; views live as long as this Handshake.
  std::optional<std::string_view> header(std::string_view name) const;
  // All fields as (lower-case name, value), in the order in which they came.
  std::vector<std::pair<std::string, std::string>> headers() const;
  // A query parameter, decoded; the last of equal names.
  std::optional<std::string> query(std::string_view name) const;
  std::vector<std::pair<std::string, std::string>> queries() const;
  std::optional<std::string> cookie(std::string_view name) const;
  // A named part of the path (Server::ws, feeds), decoded; empty: there is none.
  std::string_view param(std::string_view name) const;

  std::string_view url() const;      // target of the request, with query
  std::string_view address() const;  // of the client; behind a trusted proxy the one that it names
  bool secure() const;               // TLS up to us, or up to the trusted proxy
  bool cross_domain() const;         // an Origin field was there (Socket.IO: xdomain)
  std::chrono::system_clock::time_point issued() const;
  std::string time() const;  // `issued` as Node prints a date

  // The object that the client gave as `auth`; an empty object when it gave none.
  Value auth;

 private:
  std::shared_ptr<const serve::HandshakeRequest> request_;
};

// As Node's object: {headers, time, address, xdomain, secure, issued, url, query, auth}. Fields that came
// several times are joined by commas, cookies by semicolons.
template <>
struct Codec<Handshake> {
  static void encode(ArgumentWriter& out, const Handshake& handshake);
};

}  // namespace v0
}  // namespace naru
