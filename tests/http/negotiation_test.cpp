#include "http/negotiation.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http/head_parser.hpp"

namespace naru::http {
namespace {

constexpr std::string_view kTypes[] = {"application/json", "text/event-stream", "text/html"};

TEST(Negotiation, Types) {
  EXPECT_EQ(choose_type("*/*", kTypes), 0U);
  EXPECT_EQ(choose_type("", kTypes), 0U);
  EXPECT_EQ(choose_type("text/event-stream", kTypes), 1U);
  EXPECT_EQ(choose_type("TEXT/*", kTypes), 1U);
  EXPECT_EQ(choose_type("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", kTypes),
            2U);
  EXPECT_EQ(choose_type("application/json;q=0.5, text/html;q=0.6", kTypes), 2U);
  EXPECT_EQ(choose_type("image/png", kTypes), std::nullopt);
  EXPECT_EQ(choose_type("*/*;q=0", kTypes), std::nullopt);
  EXPECT_EQ(choose_type("text/*, text/event-stream;q=0, application/json;q=0", kTypes), 2U)
      << "the closest range counts";
  EXPECT_EQ(choose_type("*, text, text/", kTypes), std::nullopt);
}

TEST(Negotiation, Encodings) {
  EXPECT_EQ(weight_of_encoding("gzip, deflate, br", "gzip"), 1000);
  EXPECT_EQ(weight_of_encoding("GZIP;q=0.5", "gzip"), 500);
  EXPECT_EQ(weight_of_encoding("gzip;q=0, *", "gzip"), 0);
  EXPECT_EQ(weight_of_encoding("*;q=0.2", "gzip"), 200);
  EXPECT_EQ(weight_of_encoding("br", "gzip"), 0);
  EXPECT_EQ(weight_of_encoding("", "gzip"), 0);
}

TEST(Negotiation, TheEncodingOfTheGreatestWeightThenOfTheClientsOrder) {
  constexpr std::string_view kOffered[] = {"br", "gzip", "deflate"};
  EXPECT_EQ(choose_encoding("gzip, deflate, br", kOffered), 1U);
  EXPECT_EQ(choose_encoding("br, gzip", kOffered), 0U);
  EXPECT_EQ(choose_encoding("gzip;q=0.5, deflate;q=0.6, br;q=0.4", kOffered), 2U);
  EXPECT_EQ(choose_encoding("*", kOffered), 0U) << "then of ours";
  EXPECT_EQ(choose_encoding("deflate, *", kOffered), 2U) << "what is named goes first";
  EXPECT_EQ(choose_encoding("*, br;q=0", kOffered), 1U);
  for (const std::string_view none : {"", "identity", "zstd", "gzip;q=0", "*;q=0", "gzip;q=x"})
    EXPECT_EQ(choose_encoding(none, kOffered), std::nullopt) << none;
}

}  // namespace
}  // namespace naru::http
