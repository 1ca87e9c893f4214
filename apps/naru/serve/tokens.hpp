// Bearer tokens (RFC 6750): who has one of them may.
//
//   Tokens tokens({"s3cret"}, "tokens.txt");   // the file is read at once and at reload()
//   if (tokens.hold(presented)) …
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace apps {

inline constexpr std::size_t kMaxTokenBytes = 512;
// Each is compared with each request.
inline constexpr std::size_t kMaxTokens = 1000;
// Fewer are guessed within days at a few thousand tries a second.
inline constexpr std::size_t kLeastTokenBytes = 8;

// Why this can be no token; empty when it can.
std::string fault_of_token(std::string_view token);

struct TokenFile {
  std::vector<std::string> tokens = {};
  std::string fault = {};  // a sentence; then there are no tokens
};
// One a line; empty lines and those that begin with # are skipped.
TokenFile read_token_file(const std::string& path);

// Any thread.
class Tokens {
 public:
  // `file` may be empty. Throws std::runtime_error with a sentence when it cannot be used.
  Tokens(std::vector<std::string> tokens, std::string file);

  // Compared by digest, in a time that tells nothing about the tokens.
  bool hold(std::string_view presented) const;
  // Reads the file again. When it cannot be used the former tokens stay, and the sentence comes back.
  std::string reload();

 private:
  using Digest = std::array<unsigned char, 32>;
  using Digests = std::vector<Digest>;
  static Digest digest_of(std::string_view token);
  std::string load();

  const std::vector<std::string> given_;
  const std::string file_;
  mutable std::mutex mutex_;  // of the pointer only
  std::shared_ptr<const Digests> digests_;
};

}  // namespace apps
