// Cross-origin resource sharing of one engine: which fields its answers carry, and the answer to a preflight
// (https://fetch.spec.whatwg.org/#http-cors-protocol; npm's `cors`, whose options these are).
//
//   add_cors(head.fields, settings.cors, origin);
//
// Settings are immutable once the server runs: any loop may read them.
#pragma once

#include <string>
#include <string_view>

#include "auth/origin.hpp"
#include "http/fields.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"

namespace naru::serve {

struct Origins {
  auth::OriginList list{};  // besides our own
};

struct CorsSettings {
  Origins origins{};
  bool is_on = false;
  bool enforces_origin = true;
  bool credentials = false;
  bool continues_preflight = false;
  int preflight_status = 204;
  std::string methods = {};          // comma lists
  std::string allowed_headers = {};  // empty: those that are asked for
  std::string exposed_headers = {};
  std::string max_age = {};  // seconds; empty: none
};

// The fields of every answer. `origin` is what the request had, empty without.
void add_cors(http::FieldList& fields, const CorsSettings& cors, std::string_view origin);
// The fields of the answer to a preflight, besides.
void add_preflight(http::FieldList& fields, const CorsSettings& cors, const http::RequestHead& request);

}  // namespace naru::serve
