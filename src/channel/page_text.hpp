// The JSON of a page, grown message by message (docs/protocol/channels.md, "Shapes").
//
//   PageText page(512 * publications.size());
//   for (const PublicationRef& publication : publications) page.add(*publication);
//   std::string body = std::move(page).finish(end.text(), more, start);
//
// A message whose line was made for followers is copied from there; a page makes none for others, as
// what is read once is not worth keeping. One owner, one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "channel/message.hpp"
#include "channel/message_text.hpp"
#include "channel/since.hpp"

namespace naru::channel {

class PageText {
 public:
  explicit PageText(std::size_t expected = 256);

  void add(const Publication& publication);
  void add(const Publication& publication, const MessageLabel& label);
  bool empty() const noexcept { return is_empty_; }
  // `position`: the text to read on from; of `start` what was missed before the first message.
  std::string finish(std::string_view position, bool more, const Standing& start) &&;

 private:
  void begin_item();

  std::string text_;
  bool is_empty_ = true;
};

}  // namespace naru::channel
