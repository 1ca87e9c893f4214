#include "naru/serve/tokens.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace apps {
namespace {

// RFC 6750 2.1: b64token.
bool is_token_character(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_letter || std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

std::string at_line(const std::string& path, int number, const std::string& sentence) {
  return path + ":" + std::to_string(number) + ": " + sentence;
}

std::string without_space(std::string line) {
  const auto end = line.find_last_not_of(" \t\r");
  line.erase(end == std::string::npos ? 0 : end + 1);
  line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

}  // namespace

std::string fault_of_token(std::string_view token) {
  if (token.size() < kLeastTokenBytes) {
    return "a token has at least " + std::to_string(kLeastTokenBytes) +
           " characters: `openssl rand -hex 16` makes one";
  }
  if (token.size() > kMaxTokenBytes)
    return "a token has at most " + std::to_string(kMaxTokenBytes) + " characters";
  if (!std::all_of(token.begin(), token.end(), is_token_character)) {
    return "a token has letters, digits and -._~+/= only";
  }
  return {};
}

TokenFile read_token_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return {.fault = "the token file " + path + " cannot be read"};
  TokenFile read;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    line = without_space(std::move(line));
    if (line.empty() || line.front() == '#') continue;
    if (const std::string wrong = fault_of_token(line); !wrong.empty()) {
      return {.fault = at_line(path, number, wrong)};
    }
    if (read.tokens.size() == kMaxTokens)
      return {.fault = path + " has more than " + std::to_string(kMaxTokens) + " tokens"};
    read.tokens.push_back(line);
  }
  return read;
}

Tokens::Tokens(std::vector<std::string> tokens, std::string file)
    : given_(std::move(tokens)), file_(std::move(file)) {
  if (const std::string fault = load(); !fault.empty()) throw std::runtime_error(fault);
}

std::string Tokens::reload() {
  return load();
}

std::string Tokens::load() {
  TokenFile read;
  if (!file_.empty()) read = read_token_file(file_);
  if (!read.fault.empty()) return read.fault;
  auto digests = std::make_shared<Digests>();
  for (const auto* tokens : {&given_, &std::as_const(read.tokens)}) {
    for (const std::string& token : *tokens)
      digests->push_back(digest_of(token));
  }
  const std::scoped_lock lock(mutex_);
  digests_ = std::move(digests);
  return {};
}

bool Tokens::hold(std::string_view presented) const {
  if (presented.empty() || presented.size() > kMaxTokenBytes) return false;
  const Digest digest = digest_of(presented);
  std::shared_ptr<const Digests> digests;
  {
    const std::scoped_lock lock(mutex_);
    digests = digests_;
  }
  bool is_held = false;
  for (const Digest& one : *digests)  // all of them, always
    is_held |= CRYPTO_memcmp(one.data(), digest.data(), digest.size()) == 0;
  return is_held;
}

Tokens::Digest Tokens::digest_of(std::string_view token) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

}  // namespace apps
