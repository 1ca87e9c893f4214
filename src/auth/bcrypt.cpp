#include "auth/bcrypt.hpp"

#include <crypt.h>

#include <algorithm>
#include <memory>
#include <string>

#include "auth/constant_time.hpp"

namespace naru::auth {
namespace {

constexpr std::size_t kHashSize = 60;  // "$2b$10$", 22 characters of salt, 31 of hash
constexpr std::size_t kSettingSize = 7;
constexpr unsigned kMinCost = 4;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// bcrypt's own base64.
constexpr bool is_hash_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
}

}  // namespace

bool is_bcrypt(std::string_view text) noexcept {
  if (text.size() != kHashSize || !text.starts_with("$2") || text[3] != '$' || text[6] != '$') return false;
  if (text[2] != 'a' && text[2] != 'b' && text[2] != 'y') return false;
  if (!is_digit(text[4]) || !is_digit(text[5])) return false;
  const unsigned cost = static_cast<unsigned>(text[4] - '0') * 10 + static_cast<unsigned>(text[5] - '0');
  if (cost < kMinCost || cost > kMaxBcryptCost) return false;
  return std::all_of(text.begin() + kSettingSize, text.end(), is_hash_character);
}

bool verify_bcrypt(std::string_view password, std::string_view hash) {
  if (password.size() > kMaxBcryptPassword || password.find('\0') != std::string_view::npos ||
      !is_bcrypt(hash)) {
    return false;
  }
  auto space = std::make_unique<crypt_data>();  // 32 KiB: not for a worker's stack
  const char* made = ::crypt_r(std::string(password).c_str(), std::string(hash).c_str(), space.get());
  return made != nullptr && equal_in_constant_time(made, hash);
}

}  // namespace naru::auth
