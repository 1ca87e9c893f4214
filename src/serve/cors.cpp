#include "serve/cors.hpp"

namespace naru::serve {
namespace {

// What Access-Control-Allow-Origin says; empty: nothing. With credentials browsers take no "*".
std::string_view allowed_origin(const CorsSettings& cors, std::string_view origin) {
  const auth::OriginList& list = cors.origins.list;
  if (list.names_all() && !cors.credentials) return "*";
  if (const auto only = list.only()) return *only;
  return !origin.empty() && list.names(origin) ? origin : std::string_view();
}

}  // namespace

void add_cors(http::FieldList& fields, const CorsSettings& cors, std::string_view origin) {
  if (!cors.is_on) return;
  const std::string_view allowed = allowed_origin(cors, origin);
  if (!allowed.empty()) fields.add("Access-Control-Allow-Origin", allowed);
  if (allowed != "*") fields.add("Vary", "Origin");
  if (cors.credentials) fields.add("Access-Control-Allow-Credentials", "true");
  if (!cors.exposed_headers.empty()) fields.add("Access-Control-Expose-Headers", cors.exposed_headers);
}

void add_preflight(http::FieldList& fields, const CorsSettings& cors, const http::RequestHead& request) {
  fields.add("Access-Control-Allow-Methods", cors.methods);
  if (!cors.allowed_headers.empty()) {
    fields.add("Access-Control-Allow-Headers", cors.allowed_headers);
  } else {
    fields.add("Vary", "Access-Control-Request-Headers");
    if (const auto asked = request.find("access-control-request-headers"))
      fields.add("Access-Control-Allow-Headers", *asked);
  }
  if (!cors.max_age.empty()) fields.add("Access-Control-Max-Age", cors.max_age);
}

}  // namespace naru::serve
