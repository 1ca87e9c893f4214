#include "naru/args.hpp"

#include <utility>

#include "base/json_scanner.hpp"

namespace naru {
inline namespace v0 {

void ArgsView::spread(ArgumentWriter& out) const {
  for (std::string_view element : elements_)
    out.raw({element, attachments_});
}

Args::Args(const ArgsView& view) : attachments_(view.attachments().begin(), view.attachments().end()) {
  std::string text;
  for (std::size_t i = 0; i < view.size(); ++i)
    text += view[i].text();
  text_ = Bytes(std::move(text));
  elements_.reserve(view.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    std::size_t size = view[i].text().size();
    elements_.push_back(text_.view().substr(at, size));
    at += size;
  }
}

std::optional<Args> Args::parse(std::string_view array, std::vector<Bytes> attachments) {
  base::JsonOutline outline;
  if (base::scan_json(array, outline) || outline.kind != base::JsonKind::array) return std::nullopt;
  return Args(ArgsView(outline.elements, attachments));
}

std::size_t Args::memory() const noexcept {
  std::size_t bytes = text_.size() + elements_.size() * sizeof(std::string_view);
  for (const Bytes& attachment : attachments_)
    bytes += sizeof(Bytes) + attachment.size();
  return bytes;
}

}  // namespace v0
}  // namespace naru
