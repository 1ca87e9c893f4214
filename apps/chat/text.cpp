#include "chat/text.hpp"

#include <algorithm>
#include <array>

namespace chat {
namespace {

constexpr std::array<std::string_view, 6> kWideSpaces = {"\u00a0", "\u2028", "\u2029",
                                                         "\u202f", "\u3000", "\ufeff"};
// Marks that change the direction of what follows: a nickname with one could turn a whole line round.
constexpr std::array<std::string_view, 11> kDirections = {"\u200e", "\u200f", "\u202a", "\u202b",
                                                          "\u202c", "\u202d", "\u202e", "\u2066",
                                                          "\u2067", "\u2068", "\u2069"};

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

bool is_space(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

std::size_t space_at_front(std::string_view text) {
  if (!text.empty() && is_space(text.front())) return 1;
  for (std::string_view space : kWideSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t space_at_back(std::string_view text) {
  if (!text.empty() && is_space(text.back())) return 1;
  for (std::string_view space : kWideSpaces) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

// C0 and DEL; C1 is U+0080 to U+009F, in UTF-8 C2 80 to C2 9F.
bool has_control(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 || byte == 0x7f) && allowed.find(text[i]) == std::string_view::npos) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

}  // namespace

std::size_t count_code_points(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_continuation(text[i]) && count-- == 0) return text.substr(0, i);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  while (const std::size_t size = space_at_front(text))
    text.remove_prefix(size);
  while (const std::size_t size = space_at_back(text))
    text.remove_suffix(size);
  return text;
}

std::optional<std::string> clean_line(std::string_view text, std::size_t most) {
  text = trim(text);
  if (text.empty() || count_code_points(text) > most || has_control(text, "")) return std::nullopt;
  const bool turns = std::any_of(kDirections.begin(), kDirections.end(), [&](std::string_view mark) {
    return text.find(mark) != std::string_view::npos;
  });
  if (turns) return std::nullopt;
  return std::string(text);
}

TextFault clean_text(std::string_view text, std::size_t most, std::string& out) {
  text = trim(text);
  if (text.empty()) return TextFault::empty;
  if (count_code_points(text) > most) return TextFault::too_long;
  if (has_control(text, "\n\t")) return TextFault::control;
  out = text;
  return TextFault::none;
}

bool is_message_id(std::string_view id) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return id.size() >= 8 && id.size() <= 64 && std::all_of(id.begin(), id.end(), fits);
}

}  // namespace chat
