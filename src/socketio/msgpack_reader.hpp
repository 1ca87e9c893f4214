// Values of msgpack -> JSON text, with binary parts beside it as everywhere in this room.
//
//   std::string text;  std::vector<Bytes> parts;  std::vector<std::size_t> starts;
//   MsgpackTokens tokens(bytes);
//   MsgpackReader reader(tokens, text, parts);
//   if (auto error = reader.append_value(starts); error != MsgpackError::none) return fail(describe(error));
//
// What JavaScript would give: undefined is null in a list and absent in a map; dates are their text; NaN and
// infinities are null; float 32 is the double it stands for; an extension of another type is [type, bytes];
// whole numbers as keys become text. Text is checked for UTF-8. A map that looks like a placeholder stays as
// it is: in a list with binary parts it may be taken for one of them, of the same packet.
// Memory: the text has at most six bytes for each that came, and 40 for each binary part; no recursion.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scanner.hpp"
#include "naru/bytes.hpp"
#include "socketio/msgpack_token.hpp"

namespace naru::socketio {

// Binary parts of one packet. They cost no message each, as those of the JSON protocol, so its ten would be
// too few; but each is 32 times as large in memory as an empty one is in the message.
inline constexpr std::size_t kMaxMsgpackParts = 1024;

class MsgpackReader {
 public:
  // All borrowed; what is read is appended.
  MsgpackReader(MsgpackTokens& tokens, std::string& text, std::vector<Bytes>& parts) noexcept
      : tokens_(tokens), text_(text), parts_(parts) {}

  // Reads one value. When it is a list, `starts` gets where in the text each of its elements begins; at most
  // base::kMaxJsonElements. After an error text and parts hold what came before it.
  [[nodiscard]] MsgpackError append_value(std::vector<std::size_t>& starts);
  // The same for a value whose first token has been taken already.
  [[nodiscard]] MsgpackError append_value(const MsgpackToken& first, std::vector<std::size_t>& starts);

 private:
  struct Level {
    std::uint64_t left;  // elements or pairs that are still to come
    bool is_map;
  };

  MsgpackError element(std::vector<std::size_t>& starts);
  MsgpackError member();
  MsgpackError key();
  MsgpackError value(const MsgpackToken& token);
  void real(double number);
  MsgpackError string(std::string_view bytes);
  MsgpackError binary(std::string_view bytes);
  MsgpackError extension(const MsgpackToken& token);
  MsgpackError open(const MsgpackToken& token);

  MsgpackTokens& tokens_;
  std::string& text_;
  std::vector<Bytes>& parts_;
  std::size_t depth_ = 0;
  std::array<Level, base::kMaxJsonDepth> levels_;
};

// Takes one value of which nobody wants to know, its first token taken already.
[[nodiscard]] MsgpackError skip_value(MsgpackTokens& tokens, const MsgpackToken& first) noexcept;

}  // namespace naru::socketio
