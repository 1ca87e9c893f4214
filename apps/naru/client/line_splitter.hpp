// Bytes into lines that end in LF or CRLF, however they are cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apps {

class LineSplitter {
 public:
  explicit LineSplitter(std::size_t longest) : longest_(longest) {}

  // take(line) -> bool for each complete line, without its end, until it returns false. False when it did, or
  // when a line is too long.
  template <class Take>
  bool feed(std::string_view bytes, Take&& take) {
    while (true) {
      const std::size_t end = bytes.find('\n');
      const std::string_view piece = bytes.substr(0, end);
      if (line_.size() + piece.size() > longest_) return false;
      line_ += piece;
      if (end == std::string_view::npos) return true;
      bytes.remove_prefix(end + 1);
      std::string_view line = line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      const bool goes_on = take(line);
      line_.clear();
      if (!goes_on) return false;
    }
  }

 private:
  const std::size_t longest_;
  std::string line_;
};

}  // namespace apps
