// uses: socketio engineio base
// Bytes as one msgpack value, and bytes as the JSON text that is to be written: never a crash; what was read
// is JSON that our scanner takes, bounded by what came; what is written from it reads back the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scanner.hpp"
#include "socketio/msgpack_reader.hpp"
#include "socketio/msgpack_writer.hpp"

namespace {

using namespace naru;
using socketio::MsgpackError;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

struct Read {
  std::string text;
  std::vector<Bytes> parts;
  std::vector<std::size_t> starts;
};

MsgpackError read(std::string_view bytes, Read& result) {
  socketio::MsgpackTokens tokens(bytes);
  socketio::MsgpackReader reader(tokens, result.text, result.parts);
  const MsgpackError error = reader.append_value(result.starts);
  if (error != MsgpackError::none) return error;
  return tokens.at_end() ? error : MsgpackError::trailing_bytes;
}

// A map that only looks like a placeholder would be taken for the part itself.
bool has_false_placeholder(const Read& value) {
  constexpr std::string_view kBegin = R"({"_placeholder":true,"num":)";
  std::size_t count = 0;
  for (std::size_t at = 0; (at = value.text.find(kBegin, at)) != std::string::npos; ++at)
    ++count;
  return count != value.parts.size();
}

void check_value(const Read& value, std::size_t size) {
  constexpr std::size_t kPerPart = 48;
  require(value.text.size() <= 6 * size + kPerPart * value.parts.size() + 4, "text is bounded");
  require(value.parts.size() <= socketio::kMaxMsgpackParts, "parts are bounded");
  base::JsonOutline outline;
  require(!base::scan_json(value.text, outline), "what is read is JSON");
  if (!value.starts.empty()) {  // none: an empty list, no list, or an extension, which only becomes one
    require(outline.elements.size() == value.starts.size(), "every element begins somewhere");
    for (std::size_t i = 0; i < value.starts.size(); ++i)
      require(outline.elements[i].data() == value.text.data() + value.starts[i], "and where it was said");
  }
}

void pass_on(const Read& value) {
  socketio::MsgpackWriter writer;
  require(writer.value({value.text, value.parts}), "what is read can be written");
  if (has_false_placeholder(value)) return;
  Read again;
  require(read(writer.bytes(), again) == MsgpackError::none, "and read again");
  require(again.text == value.text && again.parts == value.parts, "as the same");
  const std::string once(writer.bytes());
  writer.clear();
  require(writer.value({again.text, again.parts}) && writer.bytes() == once, "and written as the same");
}

// The writer trusts the grammar of its text, but not with its memory.
void write_anything(std::string_view text) {
  const std::vector<Bytes> parts{Bytes::copy("part")};
  socketio::MsgpackWriter writer;
  const bool is_written = writer.list({text, parts});
  writer.clear();
  const bool is_value = writer.value({text, parts});
  if (!base::check_json(text)) require(is_value && is_written, "JSON can be written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  write_anything(input);
  Read value;
  if (read(input, value) == MsgpackError::none) {
    check_value(value, size);
    pass_on(value);
  }
  socketio::MsgpackTokens tokens(input);
  socketio::MsgpackToken token;
  if (tokens.next(token) == MsgpackError::none) (void)socketio::skip_value(tokens, token);
  return 0;
}
