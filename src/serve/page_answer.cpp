#include "serve/page_answer.hpp"

#include <utility>

#include "serve/loop_server.hpp"
#include "serve/shared_page.hpp"

namespace naru::serve {
namespace {

// Behind a position that is one of this log, so many messages follow for ever, or are not there any more.
// What several channels give depends on when they are read, and so does `more` at the end of the log.
bool never_changes(const FeedRequest& request, const GatheredPage& page) {
  return request.is_since_in_address && request.since != "first" && request.since != "last" &&
         !request.names_several && page.start.recovered && page.items.size() == request.limit && page.more;
}

std::string_view caching(const FeedSettings& settings, const FeedRequest& request, const GatheredPage& page) {
  if (!never_changes(request, page)) return "no-store";
  // Who had a gate's leave asks anew each time: it ends, and a browser has other users.
  return settings.is_gated ? "private, no-cache" : "public, max-age=3600, immutable";
}

}  // namespace

std::string etag_of(std::string_view position) {
  std::string tag = "\"";
  return tag.append(position) += '"';
}

void answer_page(FeedAnswer& answer, const FeedSettings& settings, const FeedRequest& request,
                 const GatheredPage& page) {
  if (answer.is_over()) return;
  const std::string etag = etag_of(page.end.text());
  const bool is_known = is_unchanged(request, etag);
  http::ResponseHead head = answer.head(is_known ? 304 : 200);
  if (!is_known) head.add("Content-Type", "application/json");
  head.add("ETag", etag);
  head.add("Vary", "Accept");
  head.add("Cache-Control", caching(settings, request, page));
  if (is_known) return answer.respond(std::move(head));
  base::Frame body = request.names_several ? base::Frame::copy(text_of(page, request.channels))
                                           : answer.server().shared_page().text_of(page);
  answer.respond(std::move(head), base::Slice(std::move(body)));
}

}  // namespace naru::serve
