#include "naru/argument.hpp"

#include "base/json_text.hpp"

namespace naru {
inline namespace v0 {

JsonType Argument::type() const noexcept {
  switch (base::json_kind(text_)) {
    case base::JsonKind::null:
      return JsonType::null;
    case base::JsonKind::boolean:
      return JsonType::boolean;
    case base::JsonKind::number:
      return JsonType::number;
    case base::JsonKind::string:
      return JsonType::string;
    case base::JsonKind::array:
      return JsonType::array;
    case base::JsonKind::object:
      return JsonType::object;
  }
  return JsonType::null;
}

std::optional<Argument> Argument::find(std::string_view key) const {
  auto found = base::find_member(text_, key);
  if (!found) return std::nullopt;
  return Argument(*found, attachments_);
}

std::optional<bool> Argument::boolean() const noexcept {
  if (text_ == "true") return true;
  if (text_ == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Argument::int64() const noexcept {
  return base::decode_json_int64(text_);
}
std::optional<std::uint64_t> Argument::uint64() const noexcept {
  return base::decode_json_uint64(text_);
}
std::optional<double> Argument::number() const noexcept {
  return base::decode_json_double(text_);
}
bool Argument::string(std::string& out) const {
  return base::decode_json_string(text_, out);
}

std::optional<Bytes> Argument::bytes() const {
  if (attachments_.empty()) return std::nullopt;
  auto mark = base::find_member(text_, "_placeholder");
  auto number = base::find_member(text_, "num");
  if (mark != "true" || !number) return std::nullopt;
  auto index = base::decode_json_uint64(*number);
  if (!index || *index >= attachments_.size()) return std::nullopt;
  return attachments_[*index];
}

bool Argument::visit_elements(void* context, bool (*step)(void*, Argument)) const {
  if (type() != JsonType::array) return false;
  base::JsonElements elements(text_);
  while (auto element = elements.next()) {
    if (!step(context, Argument(*element, attachments_))) return false;
  }
  return true;
}

bool Argument::visit_members(void* context, bool (*step)(void*, std::string, Argument)) const {
  if (type() != JsonType::object) return false;
  base::JsonMembers members(text_);
  while (auto member = members.next()) {
    std::string name;
    if (!base::decode_json_string(member->name, name)) return false;
    if (!step(context, std::move(name), Argument(member->value, attachments_))) return false;
  }
  return true;
}

}  // namespace v0
}  // namespace naru
