#include "base/ids.hpp"

#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/base64.hpp"

namespace naru::base {
namespace {

constexpr std::size_t kRandomSize = 12;
constexpr std::size_t kBytes = kRandomSize + 1 + 2;
static_assert(kBytes / 3 * 4 == kSessionIdSize);

// Counts forks, so that a child does not give out what its parent will give out too.
std::atomic<unsigned> fork_count{0};

void draw_from_kernel(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t drawn = ::getrandom(out.data(), out.size(), 0);
    if (drawn < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "the kernel gives no random bytes (getrandom)");
    }
    out = out.subspan(static_cast<std::size_t>(drawn));
  }
}

// One system call for some hundred ids.
class RandomStore {
 public:
  void take(std::span<std::byte> out) {
    const unsigned forks = fork_count.load(std::memory_order_relaxed);
    if (out.size() > left_ || forks != forks_) fill(forks);
    std::byte* from = bytes_.data() + bytes_.size() - left_;
    std::memcpy(out.data(), from, out.size());
    std::memset(from, 0, out.size());
    left_ -= out.size();
  }
  static constexpr std::size_t kSize = 4096;

 private:
  void fill(unsigned forks) {
    draw_from_kernel(bytes_);
    left_ = bytes_.size();
    forks_ = forks;
  }

  std::array<std::byte, kSize> bytes_;
  std::size_t left_ = 0;
  unsigned forks_ = 0;
};

std::string bytes_of(std::string_view id) {
  std::string bytes;
  if (id.size() != kSessionIdSize || !decode_base64(id, bytes, Base64::url)) bytes.clear();
  return bytes;
}

}  // namespace

void random_bytes(std::span<std::byte> out) {
  static const int registered = ::pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1); });
  static_cast<void>(registered);
  thread_local RandomStore store;
  if (out.size() > RandomStore::kSize / 4) return draw_from_kernel(out);
  if (!out.empty()) store.take(out);
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  random_bytes(std::as_writable_bytes(std::span(&number, 1)));
  return number;
}

std::string new_session_id(std::uint8_t loop, std::uint16_t node) {
  std::array<char, kBytes> bytes;
  random_bytes(std::as_writable_bytes(std::span(bytes).first<kRandomSize>()));
  bytes[kRandomSize] = static_cast<char>(loop);
  bytes[kRandomSize + 1] = static_cast<char>(node >> 8);
  bytes[kRandomSize + 2] = static_cast<char>(node);
  std::string id;
  append_base64(id, std::string_view(bytes.data(), bytes.size()), Base64::url);
  return id;
}

std::optional<std::uint8_t> session_id_loop(std::string_view id) noexcept {
  const std::string bytes = bytes_of(id);
  if (bytes.empty()) return std::nullopt;
  return static_cast<std::uint8_t>(bytes[kRandomSize]);
}

std::optional<std::uint16_t> session_id_node(std::string_view id) noexcept {
  const std::string bytes = bytes_of(id);
  if (bytes.empty()) return std::nullopt;
  const auto high = static_cast<unsigned char>(bytes[kRandomSize + 1]);
  const auto low = static_cast<unsigned char>(bytes[kRandomSize + 2]);
  return static_cast<std::uint16_t>(high << 8 | low);
}

}  // namespace naru::base
