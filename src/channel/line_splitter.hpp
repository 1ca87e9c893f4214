// Cuts a body that comes in pieces into its lines (NDJSON: at "\n", a "\r" before it is dropped). Empty lines
// are none.
//
//   LineSplitter lines(kMaxLine);
//   lines.feed(piece, [&](std::string_view line, bool is_too_long) { … });      // as often as pieces come
//   lines.finish(…);                                                           // the last one without a "\n"
//
// A line longer than the limit comes once, empty, as too long; the rest of it is dropped and the next line is
// read as usual. Keeps at most one line. Views live during the call. One owner.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace naru::channel {

class LineSplitter {
 public:
  explicit LineSplitter(std::size_t max_line) noexcept : max_line_(max_line) {}

  template <class Take>
  void feed(std::string_view piece, Take&& take) {
    while (true) {
      const std::size_t end = piece.find('\n');
      if (end == std::string_view::npos) return keep(piece);
      give(piece.substr(0, end), take);
      piece.remove_prefix(end + 1);
    }
  }
  template <class Take>
  void finish(Take&& take) {
    give({}, take);
  }

 private:
  // Room for the "\r" that may still turn out to be the line's end.
  void keep(std::string_view rest) {
    if (rest.size() > max_line_ + 1 - std::min(max_line_ + 1, begun_.size())) is_too_long_ = true;
    if (is_too_long_) return begun_.clear();
    begun_ += rest;
  }
  template <class Take>
  void give(std::string_view rest, Take& take) {
    std::string joined;
    if (!begun_.empty() && !is_too_long_) {
      keep(rest);
      joined = std::exchange(begun_, {});
      rest = joined;
    }
    const bool is_cut = std::exchange(is_too_long_, false);
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    if (is_cut || rest.size() > max_line_) return take(std::string_view(), true);
    if (!rest.empty()) take(rest, false);
  }

  std::size_t max_line_;
  std::string begun_;
  bool is_too_long_ = false;
};

}  // namespace naru::channel
