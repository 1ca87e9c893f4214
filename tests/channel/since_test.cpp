#include "channel/since.hpp"

#include <gtest/gtest.h>

namespace naru::channel {
namespace {

TEST(Since, Texts) {
  const Position position{*Epoch::parse("AAAAAAAAAAAAAAAA"), 7};
  const struct {
    const char* text;
    Since since;
  } cases[] = {
      {"", {Since::Kind::last, {}}},     {"first", {Since::Kind::first, {}}},
      {"last", {Since::Kind::last, {}}}, {"eAAAAAAAAAAAAAAAA.7", Since::after(position)},
      {"First", Since::after({})},       {"eAAAAAAAAAAAAAAAA.07", Since::after({})},
      {"nonsense", Since::after({})},
  };
  for (const auto& [text, since] : cases)
    EXPECT_EQ(Since::parse(text, Since::Kind::last), since) << text;
  EXPECT_EQ(Since::parse("", Since::Kind::first).kind, Since::Kind::first);
}

}  // namespace
}  // namespace naru::channel
