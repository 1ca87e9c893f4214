#include "chat/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "naru/cookie_signer.hpp"
#include "naru/log.hpp"

namespace chat {
namespace {

constexpr std::size_t kLeast = 16;  // bytes; less could be guessed

[[noreturn]] void give_up(const std::filesystem::path& file, const char* what) {
  throw std::system_error(errno, std::generic_category(), "the secret " + file.string() + " " + what);
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) give_up(file, "cannot be read");
  std::string secret((std::istreambuf_iterator<char>(in)), {});
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r'))
    secret.pop_back();
  if (secret.size() < kLeast) {
    throw std::runtime_error("the secret " + file.string() +
                             " is too short: delete the file to get a new one");
  }
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    naru::log(naru::Level::warning, "chat", "others may read the secret " + file.string() + ": chmod 600 it");
  }
  return secret;
}

}  // namespace

std::string load_or_make_secret(const std::filesystem::path& file) {
  if (std::filesystem::exists(file)) return read(file);
  const std::string secret = naru::random_id() + naru::random_id() + naru::random_id();
  // Written beside and renamed when it is whole: a start that is cut off leaves no half secret.
  const std::string beside = file.string() + "." + naru::random_id();
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) give_up(file, "cannot be made");
  const bool is_written =
      ::write(descriptor, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size());
  const bool is_synced = is_written && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (is_synced && ::rename(beside.c_str(), file.c_str()) == 0) return secret;
  const int failure = errno;
  ::unlink(beside.c_str());
  errno = failure;
  give_up(file, "cannot be written");
}

}  // namespace chat
