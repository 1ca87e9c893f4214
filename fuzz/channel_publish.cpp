// uses: channel base
// A batch in pieces: the same lines however it is cut, and whatever is taken comes out as one line of JSON
// that may be published again as it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scanner.hpp"
#include "channel/line_splitter.hpp"
#include "channel/message_text.hpp"
#include "channel/publish_line.hpp"

namespace {

using namespace naru;

constexpr std::size_t kMaxLine = 256;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> lines_of(std::string_view text, std::size_t step) {
  std::vector<std::string> lines;
  channel::LineSplitter splitter(kMaxLine);
  const auto take = [&](std::string_view line, bool is_too_long) {
    require(line.size() <= kMaxLine && line.find('\n') == std::string_view::npos);
    lines.emplace_back(is_too_long ? "\n" : line);
  };
  for (std::size_t at = 0; at < text.size(); at += step)
    splitter.feed(text.substr(at, step), take);
  splitter.finish(take);
  return lines;
}

std::string object_of(const channel::PublishLine& line) {
  channel::Publication publication;
  publication.position = {*channel::Epoch::parse("QUJDREVGR0hJSktM"), 1};
  publication.message = line.message;
  std::string object;
  channel::append_message(object, publication, {.channel = line.channel});
  return object;
}

void publish(std::string_view text) {
  channel::PublishLine line;
  if (const auto fault = channel::parse_publish(text, line)) return require(!fault->empty());
  require(!channel::find_fault(line.message));
  const std::string object = object_of(line);
  require(object.find_first_of("\r\n") == std::string::npos && !base::check_json(object));
  channel::PublishLine again;
  require(!channel::parse_publish(object, again));
  require(object_of(again) == object);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  publish(text);
  const std::vector<std::string> lines = lines_of(text, size + 1);
  require(lines_of(text, 1) == lines && lines_of(text, 7) == lines);
  for (const std::string& line : lines)
    publish(line);
  return 0;
}
