#include "auth/password.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>

#include "auth/constant_time.hpp"
#include "base/base64.hpp"
#include "base/ids.hpp"

namespace naru::auth {
namespace {

constexpr std::string_view kPrefix = "$scrypt$";
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kHashSize = 32;

// scrypt's three costs: 2^log_rounds blocks of 128 * block_size bytes are filled, `passes` times.
struct Cost {
  unsigned log_rounds;
  unsigned block_size;
  unsigned passes;

  std::uint64_t memory() const { return (std::uint64_t{1} << log_rounds) * 128 * block_size; }
};
// OWASP's recommendation for 16 MiB.
constexpr Cost kCost = {14, 8, 5};

// A hash that somebody put into the database must not cost us minutes or gigabytes.
bool is_bearable(const Cost& cost) {
  return cost.log_rounds >= 1 && cost.log_rounds <= 20 && cost.block_size >= 1 && cost.block_size <= 32 &&
         cost.passes >= 1 && cost.passes <= 16 && cost.memory() <= kMaxPasswordMemory;
}

std::string derive(std::string_view password, std::string_view salt, const Cost& cost) {
  std::array<unsigned char, kHashSize> hash;
  // OpenSSL counts some kilobytes beside the blocks.
  constexpr std::uint64_t kMost = 2 * std::uint64_t{kMaxPasswordMemory};
  const int done = ::EVP_PBE_scrypt(
      password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
      std::uint64_t{1} << cost.log_rounds, cost.block_size, cost.passes, kMost, hash.data(), hash.size());
  if (done != 1) {
    ::ERR_clear_error();
    throw std::bad_alloc();
  }
  return std::string(reinterpret_cast<const char*>(hash.data()), hash.size());
}

void append_unpadded(std::string& out, std::string_view bytes) {
  base::append_base64(out, bytes);
  while (out.ends_with('='))
    out.pop_back();
}

// Reads "NAME=NUMBER" up to `end` and removes it.
std::optional<unsigned> take_number(std::string_view& text, std::string_view name, char end) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  unsigned number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto size = static_cast<std::size_t>(result.ptr - text.data());
  if (result.ec != std::errc() || size == text.size() || text[size] != end) return std::nullopt;
  text.remove_prefix(size + 1);
  return number;
}

struct Kept {
  Cost cost;
  std::string salt;
  std::string hash;
};

std::optional<Kept> parse(std::string_view text) {
  // Ours has about a hundred characters.
  if (text.size() > 256 || !text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const auto log_rounds = take_number(text, "ln=", ',');
  const auto block_size = take_number(text, "r=", ',');
  const auto passes = take_number(text, "p=", '$');
  const std::size_t dollar = text.find('$');
  if (!log_rounds || !block_size || !passes || dollar == std::string_view::npos) return std::nullopt;
  Kept kept{{*log_rounds, *block_size, *passes}, {}, {}};
  if (!is_bearable(kept.cost) || !base::decode_base64_unpadded(text.substr(0, dollar), kept.salt) ||
      !base::decode_base64_unpadded(text.substr(dollar + 1), kept.hash) || kept.hash.size() != kHashSize) {
    return std::nullopt;
  }
  return kept;
}

}  // namespace

std::string hash_password(std::string_view password) {
  if (password.size() > kMaxPassword) throw std::length_error("a password is longer than kMaxPassword");
  std::string salt(kSaltSize, '\0');
  base::random_bytes(std::as_writable_bytes(std::span(salt)));
  std::string kept(kPrefix);
  kept.append("ln=").append(std::to_string(kCost.log_rounds));
  kept.append(",r=").append(std::to_string(kCost.block_size));
  kept.append(",p=").append(std::to_string(kCost.passes)).append("$");
  append_unpadded(kept, salt);
  kept += '$';
  append_unpadded(kept, derive(password, salt, kCost));
  return kept;
}

bool verify_password(std::string_view password, std::string_view kept) {
  if (password.size() > kMaxPassword) return false;
  const auto parsed = parse(kept);
  return parsed && equal_in_constant_time(derive(password, parsed->salt, parsed->cost), parsed->hash);
}

}  // namespace naru::auth
