#include "chat/pages.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "chat/visitor_cookie.hpp"

namespace chat {
namespace {

// Nothing but our own script, style, pictures and connections; a picture that is being sent is a blob.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const naru::Asset* find(std::string_view path) {
  for (const naru::Asset& file : page_files()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

bool accepts_gzip(const naru::Request& request) {
  const std::string_view codings = request.header("accept-encoding").value_or("");
  // A browser says "gzip, deflate, br"; who forbids it ("gzip;q=0") is sent the plain file.
  return codings.find("gzip") != std::string_view::npos && codings.find("gzip;q=0") == std::string_view::npos;
}

void send(const naru::Request& request, naru::Response& response, const naru::Asset& file,
          std::string_view caching) {
  const bool is_zipped = !file.gzip.empty() && accepts_gzip(request);
  // Another body, another strong tag (RFC 9110 8.8.1).
  std::string tag(file.etag);
  if (is_zipped && !tag.empty()) tag.insert(tag.size() - 1, "-gzip");
  response.header("X-Content-Type-Options", "nosniff");
  response.header("Referrer-Policy", "same-origin");
  response.header("Content-Security-Policy", kPolicy);
  response.header("Cache-Control", caching);
  response.header("Vary", "Accept-Encoding");
  response.header("ETag", tag);
  if (request.header("if-none-match").value_or("").find(tag) != std::string_view::npos)
    return response.status(304).end();
  if (is_zipped) response.header("Content-Encoding", "gzip");
  // The bytes are part of the program: nobody has to keep them.
  response.send(naru::Bytes(nullptr, is_zipped ? file.gzip : file.bytes), file.content_type);
}

}  // namespace

void serve_pages(const std::shared_ptr<Service>& service) {
  naru::Server& server = service->server;
  server.get("/", [service](naru::Request request, naru::Response response) {
    session_or_new(request, response, service->identities);
    send(request, response, *find("index.html"), "no-cache");
  });
  server.get("/assets/:name", [](naru::Request request, naru::Response response) {
    const naru::Asset* file = find("assets/" + std::string(request.param("name")));
    if (file == nullptr) return response.status(404).end("there is no such file");
    send(request, response, *file, "public, max-age=31536000, immutable");
  });
  server.get("/healthz", [](naru::Request, naru::Response response) { response.end("ok"); });
}

}  // namespace chat
