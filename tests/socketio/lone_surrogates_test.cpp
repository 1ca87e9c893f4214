#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "naru/raw_json.hpp"

namespace naru::detail {
namespace {

TEST(LoneSurrogates, AreReplacedAndNothingElse) {
  struct {
    std::string in, out;
  } const cases[] = {
      {R"("plain")", R"("plain")"},
      {R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
      {R"("\uD83D\uDE00\n")", R"("\uD83D\uDE00\n")"},
      {R"("\ud83d")", R"("\ufffd")"},
      {R"("\ude00")", R"("\ufffd")"},
      {R"("\ud83dx\ude00")", R"("\ufffdx\ufffd")"},
      {R"("\ud83d\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
      {R"("\ud83d\u0041")", R"("\ufffd\u0041")"},
      {R"("\\ud800")", R"("\\ud800")"},
      {R"("\\\ud800")", R"("\\\ufffd")"},
      {R"("\u0000\"")", R"("\u0000\"")"},
  };
  for (const auto& [in, out] : cases) {
    EXPECT_EQ(without_lone_surrogates(in), out);
    EXPECT_TRUE(nlohmann::json::accept(out)) << out;
  }
}

}  // namespace
}  // namespace naru::detail
