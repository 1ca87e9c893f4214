#include "naru/serve/sources.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "naru/serve/config_file.hpp"

namespace apps {
namespace {

class SourcesTest : public testing::Test {
 protected:
  // As `naru serve ARGUMENTS` with this environment and file.
  ServeSettings gathered(std::vector<std::string> arguments,
                         std::map<std::string, std::string> environment = {}, std::string_view file = "") {
    CLI::App app;
    OptionFlags flags(app);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    app.parse(arguments);
    const Environment lookup = [&environment](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
    const Givens from_environment = read_environment(lookup, faults_);
    return gather(flags.given(faults_), from_environment, read_config_text(file, "c.toml", faults_));
  }
  std::string only_fault() const {
    return faults_.size() == 1 ? line_of(faults_[0]) : std::to_string(faults_.size());
  }

  Faults faults_;
};

TEST_F(SourcesTest, FlagsGoBeforeTheEnvironmentAndThatBeforeTheFile) {
  constexpr std::string_view kFile = "port = 1\nloops = 1\nhost = \"a\"\nchat = true\nhistory_size = 7";
  const ServeSettings settings =
      gathered({"--port", "3", "--no-chat"}, {{"NARU_PORT", "2"}, {"NARU_LOOPS", "2"}}, kFile);
  EXPECT_TRUE(faults_.empty());
  EXPECT_EQ(settings.port, 3);
  EXPECT_EQ(settings.loops, 2);
  EXPECT_EQ(settings.host, "a");
  EXPECT_FALSE(settings.chat);
  EXPECT_EQ(settings.channels.history_size, 7);
  EXPECT_EQ(settings.data, ServeSettings().data);
}

TEST_F(SourcesTest, AGroupTakesOverWhatIsSaidForAll) {
  const ServeSettings settings = gathered({"--history-size", "9"}, {},
                                          "history_size = 7\nhistory_ttl = 60\n[[channels]]\nprefix = \"a\"\n"
                                          "[[channels]]\nprefix = \"b\"\nhistory_size = 8");
  ASSERT_EQ(settings.groups.size(), 2U);
  EXPECT_EQ(settings.groups[0].history_size, 9);
  EXPECT_EQ(settings.groups[1].history_size, 8);
  EXPECT_EQ(settings.groups[1].history_ttl, 60);
  EXPECT_EQ(settings.channels.prefix, "");
}

TEST_F(SourcesTest, AGroupsTokensReplaceThoseOfAllWhicheverWayTheyAreSaid) {
  const ServeSettings settings = gathered({}, {},
                                          "publish_tokens_file = \"all\"\nfollow_tokens = [\"of-all\"]\n"
                                          "[[channels]]\nprefix = \"a\"\npublish_tokens = [\"of-a\"]\n"
                                          "[[channels]]\nprefix = \"b\"\nfollow_tokens_file = \"b\"\n");
  EXPECT_TRUE(faults_.empty());
  ASSERT_EQ(settings.groups.size(), 2U);
  const ChannelGroup& a = settings.groups[0];
  const ChannelGroup& b = settings.groups[1];
  EXPECT_EQ(a.publish_tokens, std::vector<std::string>{"of-a"});
  EXPECT_EQ(a.publish_tokens_file, "");
  EXPECT_EQ(a.follow_tokens, std::vector<std::string>{"of-all"});
  EXPECT_EQ(b.follow_tokens, std::vector<std::string>{});
  EXPECT_EQ(b.follow_tokens_file, "b");
  EXPECT_EQ(b.publish_tokens_file, "all");
}

TEST_F(SourcesTest, ListsSeveralTimesOrWithCommas) {
  const ServeSettings settings =
      gathered({"--cors-origins", "https://a", "--cors-origins", "https://b,https://c"},
               {{"NARU_TRUST_PROXY", "10.0.0.1, 10.0.0.2"}});
  EXPECT_EQ(settings.cors_origins, (std::vector<std::string>{"https://a", "https://b", "https://c"}));
  EXPECT_EQ(settings.trust_proxy, (std::vector<std::string>{"10.0.0.1", "10.0.0.2"}));
}

TEST_F(SourcesTest, FaultsNameTheirPlace) {
  EXPECT_EQ(gathered({"--port", "70000"}).port, ServeSettings().port);
  EXPECT_EQ(only_fault(), "--port: port is 0 to 65535, not 70000");
  faults_.clear();
  gathered({}, {{"NARU_SLOW", "fast"}});
  EXPECT_EQ(only_fault(), "NARU_SLOW: slow is resume|drop_oldest|latest|disconnect, not \"fast\"");
  faults_.clear();
  gathered({"--port", "1", "--port", "2"});
  EXPECT_EQ(only_fault(), "--port: it is there 2 times");
}

TEST_F(SourcesTest, SlipsInTheEnvironmentAreRefused) {
  refuse_slips({"NARU_PROT", "NARU_HISTORYSIZE", "NARU_PORT", "NARU_BIN", "NARU_LONG", "NARU_FIXTURE",
                "NARU_CONFIG", "NARU_URL", "NARU_TOKEN", "PROT", "NARU_"},
               faults_);
  ASSERT_EQ(faults_.size(), 2U);
  EXPECT_EQ(line_of(faults_[0]), "NARU_PROT: there is no such option; did you mean NARU_PORT?");
  EXPECT_EQ(line_of(faults_[1]),
            "NARU_HISTORYSIZE: there is no such option; did you mean NARU_HISTORY_SIZE?");
}

TEST_F(SourcesTest, UnknownFlagsAreRefused) {
  EXPECT_THROW(gathered({"--prot", "1"}), CLI::ParseError);
  EXPECT_THROW(gathered({"--prefix", "a"}), CLI::ParseError);
}

}  // namespace
}  // namespace apps
