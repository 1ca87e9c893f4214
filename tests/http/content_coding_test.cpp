#include "http/content_coding.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>
#include <thread>

namespace naru::http {
namespace {

constexpr int kEitherWrapping = 15 + 32;  // zlib finds out whether it is gzip's or its own

std::string inflated(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, kEitherWrapping), Z_OK);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

TEST(ContentCoding, EachLevelOfEachCodingComesBack) {
  const std::string text(5000, 'x');
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::deflate}) {
    for (int level = 0; level <= 10; ++level) {
      for (int time = 0; time < 2; ++time) {
        const auto smaller = compress(text, coding, level);
        ASSERT_TRUE(smaller) << level;
        EXPECT_LT(smaller->size(), 100U);
        EXPECT_EQ(inflated(smaller->view()), text) << level;
      }
    }
  }
}

TEST(ContentCoding, TheWrappingsAreTheRfcs) {
  const std::string text(100, 'x');
  EXPECT_EQ(compress(text, ContentCoding::gzip, 1)->view().substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(compress(text, ContentCoding::deflate, 1)->view().front(), '\x78');
}

TEST(ContentCoding, WhatDoesNotShrinkStaysAsItIs) {
  std::mt19937 random(7);
  std::string noise(4000, '\0');
  for (char& byte : noise)
    byte = static_cast<char>(random());
  EXPECT_FALSE(compress(noise, ContentCoding::gzip, 9));
  EXPECT_FALSE(compress("", ContentCoding::gzip, 1));
  EXPECT_FALSE(compress("a", ContentCoding::deflate, 1));
  EXPECT_TRUE(compress(std::string(1000, 'a'), ContentCoding::gzip, 1)) << "usable after a failure";
}

TEST(ContentCoding, ThreadsDoNotShare) {
  std::thread other([] { EXPECT_TRUE(compress(std::string(1000, 'b'), ContentCoding::gzip, 1)); });
  EXPECT_EQ(inflated(compress(std::string(1000, 'a'), ContentCoding::gzip, 1)->view()),
            std::string(1000, 'a'));
  other.join();
}

}  // namespace
}  // namespace naru::http
