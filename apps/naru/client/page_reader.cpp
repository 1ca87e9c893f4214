#include "naru/client/page_reader.hpp"

#include <utility>

#include "naru/client/arrival.hpp"

namespace apps {

// Passes everything on, and remembers where the pages have come to.
class PageReader::Standing final : public ReaderEvents {
 public:
  Standing(std::string since, ReaderEvents& events) : position(std::move(since)), events_(events) {}

  bool on_message(std::string_view json, std::string_view at) override {
    position = at;
    return events_.on_message(json, at);
  }
  void on_position(std::string_view at) override {
    position = at;
    events_.on_position(at);
  }
  void on_gap(std::optional<std::uint64_t> missing) override { events_.on_gap(missing); }

  std::string position;

 private:
  ReaderEvents& events_;
};

Ending PageReader::read(const std::string& since, ReaderEvents& events) {
  Standing standing(since, events);
  std::string tag;
  while (!stop_.is_asked()) {
    std::string body;
    const HttpAnswer answer = ask(standing.position, tag, body);
    if (stop_.is_asked()) break;
    if (body.size() > kMaxPage) {  // it would be as long the next time
      return {.kind = Ending::Kind::refused,
              .sentence = "the page has more than " + std::to_string(kMaxPage) + " bytes"};
    }
    bool has_more = false;
    if (answer.status == 200 && answer.failure.empty()) {
      const Onward onward = take_page(body, standing, has_more);
      if (onward == Onward::enough) break;
      if (onward == Onward::broken) return {.sentence = "the answer is no page of a channel"};
      const auto field = answer.fields.find("etag");
      tag = field == answer.fields.end() ? std::string() : field->second;
    } else if (answer.status != 304) {
      return ending_of(answer, body);
    }
    if (!has_more && pause()) break;
  }
  return {.kind = Ending::Kind::enough};
}

// "first" and "last" are asked for without waiting: a wait that breaks would not say where "last" was.
HttpAnswer PageReader::ask(const std::string& since, const std::string& tag, std::string& body) {
  const bool is_position = since != "first" && since != "last";
  HttpRequest request{
      .url = address_.url() + query_of("since", since) + (is_position ? query() : std::string()),
      .silence = silence()};
  request.fields = address_.fields();
  request.fields.emplace_back("Accept: application/json");
  if (!tag.empty()) request.fields.push_back("If-None-Match: " + tag);
  return client_.perform(request, [&body](const HttpAnswer&, std::string_view piece) {
    body += piece;
    return body.size() <= kMaxPage;
  });
}

}  // namespace apps
