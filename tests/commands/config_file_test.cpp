#include "naru/serve/config_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/scratch_directory.hpp"

namespace apps {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const Faults& faults) {
  Lines lines;
  for (const Fault& fault : faults)
    lines.push_back(line_of(fault));
  return lines;
}

Lines faults_of(std::string_view text) {
  Faults faults;
  read_config_text(text, "c.toml", faults);
  return lines_of(faults);
}

TEST(ConfigFileTest, ValuesAndGroups) {
  Faults faults;
  const GivenFile file = read_config_text(R"(
port = 9000
chat = true
trust_proxy = ["10.0.0.0/8"]
history_bytes = "2 MiB"

[[channels]]
prefix = "orders/"
durability = "power"

[[channels]]
prefix = "ticker-"
path = "/ticker"
latest_per_second = 4
)",
                                          "c.toml", faults);
  EXPECT_EQ(lines_of(faults), Lines());
  EXPECT_EQ(std::get<std::int64_t>(file.values.at("port").value), 9000);
  EXPECT_EQ(file.values.at("port").where, "c.toml:2");
  EXPECT_EQ(std::get<std::int64_t>(file.values.at("history_bytes").value), 2 << 20);
  ASSERT_EQ(file.groups.size(), 2U);
  EXPECT_EQ(file.groups[0].where, "c.toml:7");
  EXPECT_EQ(std::get<std::string>(file.groups[1].values.at("path").value), "/ticker");
  EXPECT_EQ(std::get<double>(file.groups[1].values.at("latest_per_second").value), 4.0);
}

TEST(ConfigFileTest, EveryFaultWithItsLine) {
  EXPECT_EQ(faults_of("prot = 1\nport = \"x\"\nport2 = 70000\n"),
            (Lines{"c.toml:2: port is 0 to 65535", "c.toml:3: there is no key `port2`; did you mean `port`?",
                   "c.toml:1: there is no key `prot`; did you mean `port`?"}));
  EXPECT_EQ(faults_of("port = 65536"), (Lines{"c.toml:1: port is 0 to 65535, not 65536"}));
  EXPECT_EQ(faults_of("zebra = 1"), (Lines{"c.toml:1: there is no key `zebra`"}));
  EXPECT_EQ(faults_of("prefix = \"a\""),
            (Lines{"c.toml:1: there is no key `prefix`; it belongs into a [[channels]]"}));
  EXPECT_EQ(faults_of("[[channels]]\nhost = \"::\""),
            (Lines{"c.toml:2: there is no key `host` in [[channels]]"}));
  EXPECT_EQ(faults_of("cors_origins = [1]"), (Lines{"c.toml:1: cors_origins is a list of texts"}));
  EXPECT_EQ(faults_of("port = 1979-05-27"), (Lines{"c.toml:1: port is 0 to 65535"}));
}

TEST(ConfigFileTest, ChannelsAreTables) {
  const Lines expected = {"c.toml:1: channels are tables of their own, each begins with [[channels]]"};
  EXPECT_EQ(faults_of("channels = 1"), expected);
  EXPECT_EQ(faults_of("channels = [1]"), expected);
  EXPECT_EQ(faults_of("[channels]\nprefix = \"a\""), expected);
  EXPECT_EQ(faults_of("channels = []"), Lines());
}

TEST(ConfigFileTest, WhatIsNoTomlIsAFaultWithItsLine) {
  const Lines faults = faults_of("port = 1\nport = 2\n");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(faults[0].starts_with("c.toml:2: ")) << faults[0];
  EXPECT_EQ(faults_of("= 3").size(), 1U);
  EXPECT_EQ(faults_of("host = \"\xFF\"").size(), 1U);
}

TEST(ConfigFileTest, AsManyGroupsAsAllowed) {
  std::string text;
  for (std::size_t at = 0; at < kMaxGroups; ++at)
    text += "[[channels]]\n";
  EXPECT_EQ(faults_of(text), Lines());
  EXPECT_EQ(faults_of(text + "[[channels]]\n").size(), 1U);
}

TEST(ConfigFileTest, FilesThatCannotBeRead) {
  naru::test::ScratchDirectory scratch;
  Faults faults;
  read_config_file(scratch.file("none.toml"), faults);
  EXPECT_EQ(lines_of(faults), (Lines{scratch.file("none.toml") + ": it cannot be read"}));

  const std::string large = scratch.file("large.toml");
  std::ofstream(large) << "#" << std::string(kMaxConfigFile - 1, ' ');
  faults.clear();
  read_config_file(large, faults);
  EXPECT_EQ(lines_of(faults), Lines());
  std::ofstream(large, std::ios::app) << " ";
  read_config_file(large, faults);
  EXPECT_EQ(lines_of(faults), (Lines{large + ": it has more than 1000000 bytes"}));
}

}  // namespace
}  // namespace apps
