#include "channel/page_text.hpp"

#include <utility>

#include "base/frame.hpp"
#include "channel/forms.hpp"
#include "channel/notice.hpp"

namespace naru::channel {

PageText::PageText(std::size_t expected) {
  text_.reserve(expected);
  text_ = R"({"messages":[)";
}

void PageText::begin_item() {
  if (!std::exchange(is_empty_, false)) text_ += ',';
}

void PageText::add(const Publication& publication) {
  const base::Frame line = publication.forms.find(Form::line);
  if (line.empty()) return add(publication, {});
  begin_item();
  text_ += line.view().substr(0, line.size() - 1);
}

void PageText::add(const Publication& publication, const MessageLabel& label) {
  begin_item();
  append_message(text_, publication, label);
}

std::string PageText::finish(std::string_view position, bool more, const Standing& start) && {
  text_ += R"(],"position":")";
  text_ += position;
  text_ += more ? R"(","more":true)" : R"(","more":false)";
  append_recovery(text_, start.recovered, start.missing);
  text_ += '}';
  return std::move(text_);
}

}  // namespace naru::channel
