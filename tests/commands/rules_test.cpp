#include "naru/serve/rules.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "naru/serve/config_file.hpp"
#include "naru/serve/sources.hpp"
#include "support/scratch_directory.hpp"

namespace apps {
namespace {

struct Settled {
  ServeSettings settings;
  std::vector<std::string> faults;
};

Settled settled(std::string_view text) {
  Faults faults;
  const GivenFile file = read_config_text(text, "c.toml", faults);
  Settled result{gather({}, {}, file), {}};
  settle(result.settings, file, faults);
  for (const Fault& fault : faults)
    result.faults.push_back(line_of(fault));
  return result;
}

constexpr std::string_view kToken = "publish_tokens = [\"0123456789abcdef\"]\n";

TEST(RulesTest, LoopbackIsOpen) {
  for (const char* line :
       {"host = 'localhost'", "host = '127.0.0.1'", "host = '127.1.2.3'", "host = '::1'"}) {
    const Settled result = settled(line);
    EXPECT_TRUE(result.faults.empty()) << line;
    EXPECT_EQ(result.settings.channels.follow, "open");
    EXPECT_EQ(result.settings.channels.publish, "open");
  }
}

TEST(RulesTest, ANameIsNoLoopbackAndAProxyBringsTheOthers) {
  for (const std::string line : {"host = '127.example.org'", "host = '127.1'", "unix = '/run/naru.sock'",
                                 "trust_proxy = ['127.0.0.1']", "host = '::1'\ntrust_proxy = ['::1']"}) {
    EXPECT_EQ(settled(line).faults.size(), 2U) << line;
    EXPECT_TRUE(settled(line + "\npublic_and_open = true").faults.empty()) << line;
    EXPECT_TRUE(settled(line + "\nfollow = 'open'\npublish = 'none'").faults.empty()) << line;
  }
  EXPECT_NE(settled("trust_proxy = ['::1']").faults[0].find("trust_proxy"), std::string::npos);
}

TEST(RulesTest, PublicAndOpenIsRefusedWithTheOptionToSet) {
  const std::vector<std::pair<std::string, std::size_t>> rows = {
      {"", 2},
      {"publish = \"open\"\nfollow = \"open\"", 1},
      {"publish = \"open\"\nfollow = \"open\"\npublic_and_open = true", 0},
      {"public_and_open = true", 0},
      {"publish = \"none\"", 1},
      {"publish = \"none\"\nfollow = \"open\"", 0},
      {std::string(kToken), 1},
      {std::string(kToken) + "follow = \"open\"", 0},
      {std::string(kToken) + "follow = \"token\"", 0},
      {"chat = true", 0},
      {"lab = true", 1},  // what it is for is that everybody publishes
      {"lab = true\nchat = true", 1},
      {"lab = true\npublic_and_open = true", 0},
      {"chat = true\npublish = \"open\"\nfollow = \"open\"", 1},
  };
  for (const auto& [text, count] : rows) {
    const Settled result = settled("host = \"0.0.0.0\"\n" + text);
    EXPECT_EQ(result.faults.size(), count) << text;
  }
  const Settled silent = settled("host = \"0.0.0.0\"");
  EXPECT_NE(silent.faults[0].find("publish_tokens"), std::string::npos) << silent.faults[0];
  EXPECT_NE(silent.faults[1].find("follow_tokens"), std::string::npos) << silent.faults[1];
}

TEST(RulesTest, APublicChatHasNoChannelsUnlessTheyAreAskedFor) {
  const Settled result = settled("host = \"::\"\nchat = true");
  EXPECT_EQ(result.settings.channels.follow, "none");
  EXPECT_EQ(result.settings.channels.publish, "none");
}

TEST(RulesTest, TokensSayThatTheyAreNeeded) {
  const Settled result = settled(kToken);
  EXPECT_TRUE(result.faults.empty());
  EXPECT_EQ(result.settings.channels.publish, "token");
  EXPECT_EQ(result.settings.channels.follow, "open");
}

TEST(RulesTest, AGroupSaysItForItself) {
  const Settled result = settled(
      "[[channels]]\nprefix = \"a\"\npublish_tokens = [\"0123456789\"]\n[[channels]]\nprefix = \"b\"\nfollow "
      "= \"none\"");
  EXPECT_TRUE(result.faults.empty());
  EXPECT_EQ(result.settings.groups[0].publish, "token");
  EXPECT_EQ(result.settings.groups[0].follow, "open");
  EXPECT_EQ(result.settings.groups[1].follow, "none");
  EXPECT_EQ(result.settings.groups[1].publish, "open");
  // It takes over the tokens of all, but need not use them.
  EXPECT_TRUE(
      settled(std::string(kToken) + "[[channels]]\nprefix = \"a\"\npublish = \"open\"").faults.empty());
}

TEST(RulesTest, Contradictions) {
  const std::vector<std::string> rows = {
      "chat = true\nsocketio = false",
      "admin_user = \"admin\"",
      "admin_password_hash = \"$2b$10$x\"",
      "admin_user = \"admin\"\nadmin_password_hash = \"secret\"",
      "admin_user = \"admin\"\nadmin_password_hash = \"$2b$10$x\"\nsocketio = false",
      "data = \"\"",
      "publish = \"token\"",
      "follow = \"token\"",
      "publish = \"open\"\n" + std::string(kToken),
      "publish_tokens = [\"short\"]",
      "publish_tokens = [\"with a space in it\"]",
      "publish_tokens_file = \"/there/is/no/such/file\"",
      "[[channels]]",
      "[[channels]]\nprefix = \"a\"\n[[channels]]\nprefix = \"a\"",
      "[[channels]]\nprefix = \"a\"\nslow = \"latest\"",
      "chat = true\n[[channels]]\nprefix = \"chat:\"\npath = \"/c\"",
      "chat = true\n[[channels]]\nprefix = \"ch\"\npath = \"/c\"",
      "chat = true\n[[channels]]\nprefix = \"rooms/1\"",
      "[[channels]]\nprefix = \"a\"\npath = \"ticker\"",
      "[[channels]]\nprefix = \"a\"\npath = \"/ticker/\"",
      "[[channels]]\nprefix = \"a\"\npath = \"/t/:x\"",
      "[[channels]]\nprefix = \"a\"\npath = \"/socket.io\"",
      "[[channels]]\nprefix = \"a\"\npath = \"/channels/a\"",
      "[[channels]]\nprefix = \"a\"\npath = \"/t\"\n[[channels]]\nprefix = \"b\"\npath = \"/t\"",
  };
  for (const std::string& row : rows)
    EXPECT_EQ(settled(row).faults.size(), 1U) << row;
}

TEST(RulesTest, AGroupWithAPathMayHaveAPolicy) {
  EXPECT_TRUE(settled("[[channels]]\nprefix = \"a\"\npath = \"/ticker\"\nslow = \"latest\"\npresence = true")
                  .faults.empty());
}

TEST(RulesTest, NamesOfTheChatAreFreeWithoutIt) {
  EXPECT_TRUE(settled("[[channels]]\nprefix = \"chat:\"").faults.empty());
  EXPECT_TRUE(settled("chat = true\n[[channels]]\nprefix = \"chart\"").faults.empty());
}

TEST(RulesTest, FaultsOfAGroupNameItsLine) {
  const Settled result = settled("port = 1\n\n[[channels]]\nprefix = \"a\"\nfollow = \"token\"");
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_TRUE(result.faults[0].starts_with("c.toml:3: ")) << result.faults[0];
}

}  // namespace
}  // namespace apps
