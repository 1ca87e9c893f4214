#include "socketio/reserved.hpp"

#include <gtest/gtest.h>

namespace naru::socketio {
namespace {

TEST(Reserved, AreTheReferencesSixNames) {
  for (auto name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}) {
    EXPECT_TRUE(is_reserved_event(name)) << name;
  }
  for (auto name : {"", "connection", "Connect", "error", "message", "disconnect ", "newlistener"}) {
    EXPECT_FALSE(is_reserved_event(name)) << name;
  }
}

}  // namespace
}  // namespace naru::socketio
