#include "lab/lab.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "lab/pages.hpp"
#include "lab/request_head.hpp"

namespace lab {
namespace {

// Nothing but our own script, style and connections.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'";

// Twice what the page's sliders can ask for.
constexpr std::size_t kMaxMessage = std::size_t{32} * 1024;
constexpr std::size_t kMaxPublishes = 400;  // a second

naru::FeedOptions feed_options() {
  naru::FeedOptions options;
  options.prefix = "lab:";
  // As long as anybody leaves "Cut my network" on, to see everybody catch up.
  options.history = {.size = 10'000, .bytes = std::size_t{4} << 20, .ttl = std::chrono::minutes(2)};
  options.open_publish = true;
  options.max_message = kMaxMessage;
  options.max_publishes_per_second = kMaxPublishes;
  return options;
}

}  // namespace

void add_lab(naru::Server& server) {
  server.feed("/lab/channels/:channel", feed_options());
  server.assets("/lab/", page_files(),
                {{"Content-Security-Policy", kPolicy}, {"Referrer-Policy", "same-origin"}});
  server.get("/lab", [](naru::Request, naru::Response response) { response.redirect("/lab/", 308); });
  server.get("/lab/head", [](naru::Request request, naru::Response response) {
    response.header("Cache-Control", "no-store")
        .json(std::map<std::string, std::uint64_t>{{"bytes", own_field_bytes(request)}});
  });
}

}  // namespace lab
