#include "http/router.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "http/grammar.hpp"
#include "http/percent.hpp"

namespace naru::http {
namespace {

struct Route {
  std::string method;
  std::string pattern;
  std::vector<std::string> names;
  std::uint32_t number;
};

[[noreturn]] void fail(const std::string& sentence) {
  throw std::system_error(std::make_error_code(std::errc::invalid_argument), sentence);
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

bool is_name(std::string_view text) {
  const auto is_name_byte = [](char byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_name_byte);
}

const Route* find_method(const std::vector<Route>& routes, std::string_view method) {
  for (const Route& route : routes) {
    if (route.method == method) return &route;
  }
  return nullptr;
}

const Route* serving(const std::vector<Route>& routes, std::string_view method) {
  const Route* route = find_method(routes, method);
  return route == nullptr && method == "HEAD" ? find_method(routes, "GET") : route;
}

std::string allow_text(const std::vector<Route>& routes) {
  std::string text;
  const auto add = [&](std::string_view method) {
    if (list_names(text, method)) return;
    if (!text.empty()) text += ", ";
    text += method;
  };
  for (const Route& route : routes) {
    add(route.method);
    if (route.method == "GET") add("HEAD");
  }
  if (!text.empty()) add("OPTIONS");
  return text;
}

}  // namespace

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> named;
  std::vector<Route> ends;   // routes whose pattern ends here
  std::vector<Route> rests;  // those that end with "*" here

  // One request on its way through the tree.
  struct Walk {
    std::string_view method;
    std::vector<std::string> values;             // of the named parts so far
    const std::vector<Route>* others = nullptr;  // the first place that has this path for other methods
  };

  Node& child(std::unique_ptr<Node>& at) {
    if (!at) at = std::make_unique<Node>();
    return *at;
  }

  // `rest`: the path behind the slash that led here; empty optional: no slash followed, the path is at its
  // end.
  const Route* find(Walk& walk, std::optional<std::string_view> rest) const {
    if (!rest) return choose(walk, ends);
    std::string_view behind = *rest;
    const bool has_more = behind.find('/') != std::string_view::npos;
    const auto segment = percent_decode(cut(behind, '/'));
    if (!segment || segment->find('\0') != std::string::npos) return nullptr;
    const auto next = has_more ? std::optional(behind) : std::nullopt;
    if (const auto found = literals.find(*segment); found != literals.end()) {
      if (const Route* route = found->second->find(walk, next)) return route;
    }
    if (named && !segment->empty()) {
      walk.values.push_back(*segment);
      if (const Route* route = named->find(walk, next)) return route;
      walk.values.pop_back();
    }
    return find_rest(walk, *rest);
  }

  const Route* find_rest(Walk& walk, std::string_view rest) const {
    if (rests.empty()) return nullptr;
    auto decoded = percent_decode(rest);
    if (!decoded || decoded->find('\0') != std::string::npos) return nullptr;
    const Route* route = choose(walk, rests);
    if (route != nullptr) walk.values.push_back(std::move(*decoded));
    return route;
  }

  static const Route* choose(Walk& walk, const std::vector<Route>& routes) {
    const Route* route = serving(routes, walk.method);
    if (route == nullptr && walk.others == nullptr && !routes.empty()) walk.others = &routes;
    return route;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

void Router::add(std::string_view method, std::string_view pattern, std::uint32_t number) {
  if (!is_token(method)) fail("the method " + quoted(method) + " is no token");
  if (pattern.empty() || pattern[0] != '/') fail("the route " + quoted(pattern) + " must begin with a slash");

  Node* node = root_.get();
  std::vector<Route>* place = nullptr;
  std::vector<std::string> names;
  for (std::optional<std::string_view> rest = pattern.substr(1); rest;) {
    std::string_view behind = *rest;
    const bool has_more = behind.find('/') != std::string_view::npos;
    const std::string_view segment = cut(behind, '/');
    const bool is_named = !segment.empty() && (segment[0] == ':' || segment[0] == '*');
    if (is_named) {
      const std::string name(segment.substr(1));
      if (!is_name(name))
        fail("in the route " + quoted(pattern) + " a part has no name of letters, digits and _");
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        fail("in the route " + quoted(pattern) + " two parts are named " + quoted(name));
      }
      names.push_back(name);
    }
    if (is_named && segment[0] == '*') {
      if (has_more) fail("in the route " + quoted(pattern) + " something follows the part with *");
      place = &node->rests;
      break;
    }
    node = is_named ? &node->child(node->named) : &node->child(node->literals[std::string(segment)]);
    rest = has_more ? std::optional(behind) : std::nullopt;
  }
  if (place == nullptr) place = &node->ends;

  if (const Route* other = find_method(*place, method)) {
    fail("the route " + std::string(method) + " " + quoted(pattern) + " answers what " +
         quoted(other->pattern) + " answers already");
  }
  place->push_back({std::string(method), std::string(pattern), std::move(names), number});
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  if (path.empty() || path[0] != '/') return match;
  Node::Walk walk{method, {}, nullptr};
  if (const Route* route = root_->find(walk, path.substr(1))) {
    match.number = route->number;
    for (std::size_t at = 0; at < route->names.size(); ++at)
      match.params.emplace_back(route->names[at], std::move(walk.values[at]));
  } else if (walk.others != nullptr) {
    match.allow = allow_text(*walk.others);
  }
  return match;
}

}  // namespace naru::http
