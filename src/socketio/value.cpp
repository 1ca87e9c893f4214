#include "naru/value.hpp"

#include <utility>

namespace naru {
inline namespace v0 {

Value::Value(RawJson json) : text_(std::move(json.text)) {
  if (!json.attachments.empty()) {
    attachments_ = std::make_shared<const std::vector<Bytes>>(std::move(json.attachments));
  }
}

std::optional<Value> Value::parse(std::string_view text) {
  auto json = RawJson::parse(text);
  if (!json) return std::nullopt;
  return Value(std::move(*json));
}

Argument Value::argument() const noexcept {
  return attachments_ == nullptr ? Argument(text()) : Argument(text(), *attachments_);
}

Value Value::find(std::string_view key) const {
  auto found = argument().find(key);
  return found ? part(*found) : Value();
}

std::size_t Value::size() const {
  std::size_t count = 0;
  argument().for_each_element([&](const Argument&) { return ++count > 0; });
  return count;
}

Value Value::at(std::size_t index) const {
  Value found;
  std::size_t at = 0;
  argument().for_each_element([&](const Argument& element) {
    if (at++ != index) return true;
    found = part(element);
    return false;
  });
  return found;
}

Value Value::part(const Argument& argument) const {
  Value value;
  value.text_ =
      text_.part(static_cast<std::size_t>(argument.text().data() - text_.data()), argument.text().size());
  value.attachments_ = attachments_;
  return value;
}

}  // namespace v0
}  // namespace naru
