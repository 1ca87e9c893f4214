#include "naru/serve/gate.hpp"

#include <gtest/gtest.h>

namespace apps {
namespace {

ServeSettings open_settings() {
  ServeSettings settings;
  settings.channels.follow = settings.channels.publish = "open";
  settings.groups.push_back({.prefix = "a", .path = "/a", .follow = "open", .publish = "open"});
  return settings;
}

TEST(GateTest, WhatIsOpenNeedsNone) {
  const Gate gate(open_settings());
  EXPECT_FALSE(gate.is_needed(""));
  EXPECT_FALSE(gate.is_needed("/a"));
}

TEST(GateTest, TheChatIsGuardedAtEveryAddress) {
  ServeSettings settings = open_settings();
  settings.chat = true;
  const Gate gate(settings);
  EXPECT_TRUE(gate.is_needed(""));
  EXPECT_TRUE(gate.is_needed("/a"));
}

}  // namespace
}  // namespace apps
