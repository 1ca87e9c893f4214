#include "chat/picture_type.hpp"

#include <array>

namespace chat {
namespace {

using namespace std::literals;

constexpr PictureType kGif{"image/gif", ".gif"};
constexpr PictureType kPng{"image/png", ".png"};
constexpr PictureType kJpeg{"image/jpeg", ".jpg"};
constexpr PictureType kWebp{"image/webp", ".webp"};

}  // namespace

std::optional<PictureType> picture_type_of(std::string_view head) {
  if (head.starts_with("GIF87a"sv) || head.starts_with("GIF89a"sv)) return kGif;
  if (head.starts_with("\x89PNG\r\n\x1a\n"sv)) return kPng;
  if (head.starts_with("\xff\xd8\xff"sv)) return kJpeg;
  // RIFF, four bytes of length, WEBP.
  if (head.starts_with("RIFF"sv) && head.size() >= 12 && head.substr(8, 4) == "WEBP"sv) return kWebp;
  return std::nullopt;
}

std::optional<PictureType> picture_type_by_name(std::string_view name) {
  for (const PictureType& type : std::array{kGif, kPng, kJpeg, kWebp}) {
    if (name.ends_with(type.ending)) return type;
  }
  return std::nullopt;
}

}  // namespace chat
