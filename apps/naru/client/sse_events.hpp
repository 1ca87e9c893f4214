// text/event-stream (HTML, "Server-sent events") into events. Lines end in LF or CRLF, as servers write them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "naru/client/line_splitter.hpp"

namespace apps {

// `id` is the last one that was said, as EventSource has it; `name` is "message" when the block had none.
struct SseEvent {
  std::string_view id;
  std::string_view name;
  std::string_view data;
  bool has_data = false;  // EventSource is silent about blocks without
};

class SseEvents {
 public:
  // `longest`: bytes of one block.
  explicit SseEvents(std::size_t longest) : longest_(longest), lines_(longest) {}

  // take(const SseEvent&) -> bool for each block until it returns false. False when it did, or when a block
  // is too long.
  template <class Take>
  bool feed(std::string_view bytes, Take&& take) {
    return lines_.feed(bytes, [this, &take](std::string_view line) {
      if (!line.empty()) return add(line);
      if (!is_begun_) return true;
      if (has_data_) data_.pop_back();  // the line feed behind the last line
      const bool goes_on = take(SseEvent{id_, name_.empty() ? "message" : name_, data_, has_data_});
      name_.clear(), data_.clear();
      is_begun_ = has_data_ = false;
      return goes_on;
    });
  }

 private:
  bool add(std::string_view line) {
    if (line.front() == ':') return true;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view field = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    is_begun_ = true;
    if (field == "id" && value.find('\0') == std::string_view::npos) id_ = value;
    if (field == "event") name_ = value;
    if (field != "data") return true;
    has_data_ = true;
    data_.append(value) += '\n';
    return data_.size() <= longest_;
  }

  const std::size_t longest_;
  LineSplitter lines_;
  std::string id_, name_, data_;
  bool is_begun_ = false;
  bool has_data_ = false;
};

}  // namespace apps
