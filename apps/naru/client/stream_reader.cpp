#include "naru/client/stream_reader.hpp"

#include <memory>
#include <utility>

#include "naru/client/arrival.hpp"
#include "naru/client/line_splitter.hpp"
#include "naru/client/sse_events.hpp"

namespace apps {
namespace {

constexpr std::size_t kMaxError = 4096;  // bytes of an answer that is no stream

// What it means for the answer that one object was taken.
bool goes_on(Onward onward, Ending::Kind& kind, std::string& sentence) {
  if (onward == Onward::enough) kind = Ending::Kind::enough;
  if (onward == Onward::broken) sentence = "what came is no message of a channel";
  return onward == Onward::more;
}

}  // namespace

Ending StreamReader::read(const std::string& since, ReaderEvents& events) {
  HttpRequest request{.url = address_.url() + query_of("since", since)};
  request.fields = address_.fields();
  request.fields.push_back("Accept: " + media_type_);
  Outcome outcome;
  const Take take = parser(events, outcome);
  std::string error;
  const HttpAnswer answer = client_.perform(request, [&](const HttpAnswer& head, std::string_view piece) {
    if (head.status == 200) return take(piece);
    error += piece.substr(0, kMaxError - std::min(error.size(), kMaxError));
    return true;
  });
  if (stop_.is_asked()) return {.kind = Ending::Kind::enough};
  if (answer.status != 200) return ending_of(answer, error);
  Ending ending{.kind = outcome.kind, .sentence = std::move(outcome.sentence)};
  if (ending.sentence.empty()) ending.sentence = answer.failure;
  return ending;
}

StreamReader::Take NdjsonReader::parser(ReaderEvents& events, Outcome& outcome) const {
  auto lines = std::make_shared<LineSplitter>(kMaxPiece);
  return [lines, &events, &outcome](std::string_view piece) {
    return lines->feed(piece, [&](std::string_view line) {
      return line.empty() || goes_on(take_object(line, events), outcome.kind, outcome.sentence);
    });
  };
}

StreamReader::Take SseReader::parser(ReaderEvents& events, Outcome& outcome) const {
  auto blocks = std::make_shared<SseEvents>(kMaxPiece);
  return [blocks, &events, &outcome](std::string_view piece) {
    return blocks->feed(piece, [&](const SseEvent& event) {
      if (event.has_data) return goes_on(take_object(event.data, events), outcome.kind, outcome.sentence);
      if (!event.id.empty()) events.on_position(event.id);
      return true;
    });
  };
}

}  // namespace apps
