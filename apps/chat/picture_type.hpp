// What a file is by its first bytes; what its sender says of it is not looked at.
//
//   if (auto type = chat::picture_type_of(upload.head)) name += type->ending;
#pragma once

#include <optional>
#include <string_view>

namespace chat {

struct PictureType {
  std::string_view media;   // image/gif
  std::string_view ending;  // .gif
};

// GIF, PNG, JPEG or WebP; 12 bytes are enough to tell.
std::optional<PictureType> picture_type_of(std::string_view head);
// The type of a file that we named.
std::optional<PictureType> picture_type_by_name(std::string_view name);

}  // namespace chat
