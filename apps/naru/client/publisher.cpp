#include "naru/client/publisher.hpp"

#include <random>
#include <utility>

#include "naru/client/arrival.hpp"
#include "naru/client/tail.hpp"

namespace apps {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMaxAnswer = std::size_t{4} << 20;  // a thousand results with room

}  // namespace

Publisher::Publisher(ChannelAddress address, PublisherOptions options, const Stop& stop)
    : address_(std::move(address)), options_(std::move(options)), stop_(stop), client_(stop) {}

PublishAnswer Publisher::publish(const Publication& publication) {
  HttpRequest request{
      .method = "POST", .url = address_.url(), .fields = address_.fields(), .body = publication.body};
  for (std::string& field : publish_fields(publication))
    request.fields.push_back(std::move(field));
  return post(request);
}

PublishAnswer Publisher::publish_all(const std::vector<Publication>& publications) {
  HttpRequest request{.method = "POST", .url = address_.url(), .fields = address_.fields()};
  request.fields.emplace_back("Content-Type: application/x-ndjson");
  for (const Publication& publication : publications)
    request.body += publish_object(publication) + "\n";
  return post(request);
}

PublishAnswer Publisher::post(const HttpRequest& request) {
  Backoff backoff(std::random_device{}());
  const auto end = Clock::now() + options_.patience;
  std::string said;
  while (true) {
    std::string body;
    const HttpAnswer answer = client_.perform(request, [&body](const HttpAnswer&, std::string_view piece) {
      body += piece;
      return body.size() <= kMaxAnswer;
    });
    const bool is_whole = answer.failure.empty() && !stop_.is_asked();
    if (is_whole && (answer.status == 200 || answer.status == 201)) return {.json = std::move(body)};
    const Ending ending = ending_of(answer, body);
    if (ending.kind == Ending::Kind::refused && is_whole)
      return {.sentence = ending.sentence, .is_refused = true};
    const auto wait = std::max(backoff.next(), ending.wait);
    if (stop_.is_asked() || Clock::now() + wait > end) return {.sentence = ending.sentence};
    if (options_.say && ending.sentence != said) options_.say(ending.sentence + "; trying again");
    said = ending.sentence;
    if (options_.wait ? options_.wait(wait) : stop_.wait(wait)) return {.sentence = ending.sentence};
  }
}

}  // namespace apps
