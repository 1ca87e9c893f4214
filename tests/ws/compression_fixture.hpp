// What tests of compression share: a host that counts, and zlib by itself as the other side.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "ws/compression_host.hpp"
#include "ws/extension.hpp"

namespace naru::ws {

struct CountingHost final : CompressionHost {
  void count(std::ptrdiff_t bytes) override { held += bytes; }
  void frames_are_kept() override { ++times_kept; }
  std::ptrdiff_t held = 0;
  int times_kept = 0;
};

// A client's compressor: each call gives one message's payload.
class ClientDeflate {
 public:
  explicit ClientDeflate(int window_bits = 15, int level = 6) {
    EXPECT_EQ(deflateInit2(&zlib_, level, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  }
  ~ClientDeflate() { deflateEnd(&zlib_); }
  ClientDeflate(const ClientDeflate&) = delete;
  ClientDeflate& operator=(const ClientDeflate&) = delete;

  std::string message(std::string_view text) {
    std::string out = flushed(text, Z_SYNC_FLUSH);
    EXPECT_TRUE(out.ends_with(std::string_view("\x00\x00\xFF\xFF", 4)));
    out.resize(out.size() - 4);
    return out;
  }
  std::string flushed(std::string_view text, int flush) {
    std::string out(text.size() + text.size() / 8 + 100, '\0');
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    zlib_.avail_in = static_cast<uInt>(text.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = static_cast<uInt>(out.size());
    deflate(&zlib_, flush);
    EXPECT_EQ(zlib_.avail_in, 0U);
    out.resize(out.size() - zlib_.avail_out);
    return out;
  }
  void forget() { deflateReset(&zlib_); }

 private:
  z_stream zlib_{};
};

// A client's reader with a window of exactly so many bits.
class ClientInflate {
 public:
  explicit ClientInflate(int window_bits = 15) { EXPECT_EQ(inflateInit2(&zlib_, -window_bits), Z_OK); }
  ~ClientInflate() { inflateEnd(&zlib_); }
  ClientInflate(const ClientInflate&) = delete;
  ClientInflate& operator=(const ClientInflate&) = delete;

  std::string message(std::string payload) {
    payload.append("\x00\x00\xFF\xFF", 4);
    zlib_.next_in = reinterpret_cast<Bytef*>(payload.data());
    zlib_.avail_in = static_cast<uInt>(payload.size());
    std::string out;
    char chunk[1000];
    do {
      zlib_.next_out = reinterpret_cast<Bytef*>(chunk);
      zlib_.avail_out = sizeof chunk;
      const int status = inflate(&zlib_, Z_SYNC_FLUSH);
      EXPECT_TRUE(status == Z_OK || status == Z_BUF_ERROR) << (zlib_.msg == nullptr ? "" : zlib_.msg);
      if (status != Z_OK) break;
      out.append(chunk, sizeof chunk - zlib_.avail_out);
    } while (zlib_.avail_out == 0);
    return out;
  }
  void forget() { inflateReset(&zlib_); }

 private:
  z_stream zlib_{};
};

// Text that shrinks, with repetitions at every distance up to more than a window.
inline std::string words(std::size_t size, unsigned seed = 1) {
  std::string out;
  while (out.size() < size) {
    seed = seed * 1'664'525 + 1'013'904'223;
    out += "word" + std::to_string(seed >> 22) + ' ';
  }
  out.resize(size);
  return out;
}
inline std::string noise(std::size_t size, unsigned seed = 1) {
  std::string out(size, '\0');
  for (char& byte : out) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<char>(seed >> 24);
  }
  return out;
}

constexpr DeflateParameters kTakeover{};
constexpr DeflateParameters kNoTakeover{.server_no_context_takeover = true,
                                        .client_no_context_takeover = true};

}  // namespace naru::ws
