// Method and path to a number, with named parts: a tree of path segments.
//
// Patterns: "/rooms/:room/pictures" (":name" is one segment, not empty) and "/files/*rest" (all that follows,
// last only). Literal segments go before named ones, those before "*". Paths are compared decoded, segment by
// segment, so an encoded slash stays inside its segment; a path that does not decode, or holds an encoded
// NUL, matches nothing. A slash at the end counts.
//
//   Router router;
//   router.add("GET", "/rooms/:room", 7);
//   RouteMatch match = router.match("GET", "/rooms/caf%C3%A9");     // 7, {{"room", "café"}}
//
// Built by one thread, then read by any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace naru::http {

struct RouteMatch {
  std::optional<std::uint32_t> number = {};
  std::vector<std::pair<std::string, std::string>> params = {};  // in the pattern's order, decoded
  // Without number: the methods of this path, as an Allow field has them ("GET, HEAD, OPTIONS"); empty: no
  // such path.
  std::string allow = {};
};

class Router {
 public:
  Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  // Throws std::system_error with a sentence when the pattern is malformed, or another route already answers
  // exactly these requests. Methods are case-sensitive.
  void add(std::string_view method, std::string_view pattern, std::uint32_t number);

  // HEAD is served by GET's route unless it has one of its own.
  RouteMatch match(std::string_view method, std::string_view path) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace naru::http
