// uses: channel sse base
// Whatever is published, its object is one line of JSON, and a client of SSE reads one event with the same
// data.
#include "channel/message_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_scanner.hpp"
#include "base/utf8.hpp"
#include "channel/forms.hpp"
#include "sse/event_writer.hpp"

namespace {

using namespace naru;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string without_breaks(std::string_view text) {
  std::string joined;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
    joined += text[at] == '\r' ? '\n' : text[at];
  }
  return joined;
}

// The data of the one event in a block, as WHATWG HTML 9.2.6 reads it.
std::string data_of(std::string_view block) {
  require(block.ends_with("\n\n") && block.find('\r') == std::string_view::npos);
  std::string data;
  block.remove_suffix(1);
  while (!block.empty()) {
    const std::size_t end = block.find('\n');
    const std::string_view field = block.substr(0, end);
    require(!field.empty());
    if (field.starts_with("data: ")) (data += field.substr(6)) += '\n';
    block.remove_prefix(end + 1);
  }
  data.pop_back();
  return data;
}

void show(channel::Kind kind, std::string_view bytes, std::string_view name) {
  channel::Publication publication;
  publication.position = {*channel::Epoch::parse("QUJDREVGR0hJSktM"), 1};
  publication.message.kind = kind;
  publication.message.data = base::Frame::copy(bytes);
  publication.message.event = name;
  publication.message.key = name;
  publication.message.type = name;
  const base::Frame line = channel::line_of(publication);
  require(line.view().find_first_of("\r\n") == line.size() - 1 && !base::check_json(line.view()));
  std::string block;
  const std::string_view object = line.view().substr(0, line.size() - 1);
  sse::append_event(block, {.id = name, .event = name, .data = object});
  require(data_of(block) == object);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view name = text.substr(0, 20);
  show(channel::Kind::binary, text, name);
  show(channel::Kind::text, text, name);
  if (!base::check_json(text)) show(channel::Kind::json, text, name);
  std::string block;
  sse::append_event(block, {.id = name, .event = name, .data = text});
  require(data_of(block) == without_breaks(text));
  return 0;
}
