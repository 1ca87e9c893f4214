// Whether a browser's page may talk to us: the Origin field of a handshake (RFC 6454).
//
//   const OriginList list({"https://app.example", "https://*.example.org"});    // the option cors.origin
//   auto decision = decide_origin(list, {.origin = "https://app.example", .host = "api.example"});
//   if (!decision.is_allowed) { log(Level::warning, "origin", decision.sentence); return 403; }
//
// No Origin: not a browser, allowed. The origin of our own host, or one of the list: allowed. All else is
// refused. A list is immutable: any thread may ask it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naru/pattern.hpp"

namespace naru::auth {

// scheme://host[:port], taken apart. Views into the text that was parsed.
struct OriginParts {
  std::string_view scheme;
  std::string_view host;  // IPv6 addresses with their brackets
  std::optional<std::uint16_t> port;

  // The port that is meant: the scheme's own when none is written (http, ws 80; https, wss 443; else 0).
  std::uint16_t effective_port() const noexcept;
};
// Empty when the text is not an origin (a path, user, blank or control character in it; "null").
std::optional<OriginParts> parse_origin(std::string_view text) noexcept;

class OriginList {
 public:
  // Each entry is an origin, one with "*." before its host for all names below it, "*" for every origin, or
  // "null" for pages without one (files, sandboxed frames). Throws std::system_error with a sentence for
  // anything else.
  OriginList() = default;
  explicit OriginList(std::vector<std::string> entries);
  // Besides its entries: what a pattern matches, and what `asked` says yes to, which must not throw and may
  // be called on any thread.
  void add(std::vector<Pattern> patterns);
  void add(std::function<bool(std::string_view)> asked);

  // Whether the list names `origin`; for CORS answers too.
  bool names(std::string_view origin) const;
  bool names_all() const noexcept { return names_all_; }
  bool empty() const noexcept { return entries_.empty() && patterns_.empty() && !asked_; }
  // The one origin that it names, when that is all there is to it.
  std::optional<std::string_view> only() const noexcept;

 private:
  bool has_entry_for(std::string_view origin) const noexcept;

  std::vector<std::string> entries_;
  std::vector<Pattern> patterns_;
  std::function<bool(std::string_view)> asked_;
  bool names_all_ = false;
};

// What the request says. Views are used during the call only.
struct OriginQuestion {
  std::optional<std::string_view> origin{};  // the Origin field
  std::string_view host{};                   // the Host field, or what a trusted proxy forwards as such
  // The peer reached us (or the trusted proxy) over TLS. Then the page's scheme must be https too; without
  // TLS a page of https is also ours: a proxy that we do not know may have ended TLS.
  bool is_secure = false;
};

struct OriginDecision {
  bool is_allowed = true;
  std::string sentence{};  // when refused: why, and the option that would allow it
};

OriginDecision decide_origin(const OriginList& list, const OriginQuestion& question);

}  // namespace naru::auth
