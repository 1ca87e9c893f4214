// The secret that cookies are signed with: 60 random characters in a file of mode 0600, made at the first
// start.
//
//   const std::string secret = chat::load_or_make_secret(data / "secret");
//
// Throws std::system_error or std::runtime_error with a sentence that says what to do.
#pragma once

#include <filesystem>
#include <string>

namespace chat {

std::string load_or_make_secret(const std::filesystem::path& file);

}  // namespace chat
