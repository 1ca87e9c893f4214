#include "naru/raw_json.hpp"

#include <utility>

#include "base/json_scanner.hpp"
#include "naru/argument.hpp"

namespace naru {
inline namespace v0 {

std::optional<RawJson> RawJson::parse(std::string_view text) {
  // As an argument stands: inside of an array, so that what passes here passes there.
  std::string list;
  list.reserve(text.size() + 2);
  list.append("[").append(text).append("]");
  base::JsonOutline outline;
  if (base::scan_json(list, outline) || outline.elements.size() != 1) return std::nullopt;
  return RawJson{std::string(outline.elements.front())};
}

RawJson RawJsonView::own() const {
  RawJson json;
  ArgumentWriter writer(json.text, json.attachments);
  writer.raw(*this);
  return json;
}

}  // namespace v0
}  // namespace naru
