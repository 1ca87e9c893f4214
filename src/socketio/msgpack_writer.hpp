// JSON text with binary parts beside it -> msgpack, byte for byte as notepack.io 2.2 writes what the text
// means in JavaScript: every size in its shortest form, whole numbers as integers (1.0, 1e2 and -0 too),
// other numbers as float 64, binary parts as bin, members in their order.
//
//   MsgpackWriter writer;                            // keep it, it keeps its memory
//   writer.map(1);
//   writer.text("data");
//   if (!writer.list({R"("say",[1,2])"})) return;    // msgpack for ["say",[1,2]]
//   send(writer.bytes());
//
// Where notepack.io breaks whole numbers (from 2^64 on, below -2^63) float 64 is written. No recursion; one
// pass to count, one to write. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "naru/raw_json.hpp"

namespace naru::socketio {

class MsgpackWriter {
 public:
  // Empties it, and gives unusually large memory back.
  void clear();
  // Lives until something is written or cleared.
  std::string_view bytes() const noexcept { return out_; }

  void map(std::size_t pairs);
  void text(std::string_view text);
  void number(std::uint64_t number);
  // One value; and one array of the values, which have commas between. False when the text is no JSON, as far
  // as writing it depends on that; what was written is then worth nothing.
  [[nodiscard]] bool value(RawJsonView json);
  [[nodiscard]] bool list(RawJsonView values);

 private:
  struct Open {
    std::uint32_t left;  // elements or members that are still to come
    bool is_map;
    bool is_begun;
  };

  bool count(bool is_list);
  void begin_count(std::size_t inside);
  bool write();
  bool write_value();
  bool write_word();
  bool write_string();
  bool write_part();
  void open(bool is_map);

  std::string_view take_string();
  bool take(char byte);
  void skip_blanks();

  void head(std::size_t size, unsigned char shortest, std::size_t past_shortest, unsigned char first_form,
            bool has_form_of_one_byte);
  void big_endian(std::uint64_t value, std::size_t bytes);
  void negative(std::int64_t number);
  void real(double number);

  std::string out_;
  std::string decoded_;  // a string that had escapes
  // Of the text that is being written:
  std::string_view rest_;
  RawJsonView json_;
  std::vector<std::uint32_t> counts_;  // of all containers, in the order of their opening
  std::size_t next_count_ = 0;
  std::vector<std::size_t> counting_;  // the open ones, as places in counts_
  std::vector<Open> open_;
};

}  // namespace naru::socketio
