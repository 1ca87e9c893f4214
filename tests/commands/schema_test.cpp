#include "naru/serve/schema.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "naru/serve/config_file.hpp"
#include "naru/serve/values.hpp"

namespace apps {
namespace {

TEST(SchemaTest, EveryOptionIsWhatItsPlaceHolds) {
  std::set<std::string, std::less<>> names;
  for_each_option([&names](const OptionFacts& facts, const OptionValue& by_default) {
    EXPECT_TRUE(names.emplace(facts.name).second) << facts.name << " is there twice";
    EXPECT_EQ(static_cast<std::size_t>(facts.kind), by_default.index()) << facts.name;
    EXPECT_FALSE(facts.sentence.empty() || facts.reason.empty()) << facts.name;
    // What nobody said may be empty; every other default is one that could be said.
    if (show(facts, by_default).empty()) return;
    EXPECT_EQ(checked(facts, by_default).fault, "") << facts.name;
    EXPECT_EQ(read_text(facts, show(facts, by_default)).fault, "") << facts.name;
  });
}

TEST(SchemaTest, NamesOfFlagsAndOfTheEnvironment) {
  EXPECT_EQ(flag_name("history_size"), "--history-size");
  EXPECT_EQ(environment_name("history_size"), "NARU_HISTORY_SIZE");
}

std::string operations_page() {
  std::ifstream file(OPERATIONS_PAGE);
  EXPECT_TRUE(file) << OPERATIONS_PAGE;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(SchemaTest, TheExampleInOperationsIsAConfiguration) {
  const std::string page = operations_page();
  const std::size_t from = page.find("```toml\n") + 8;
  Faults faults;
  const GivenFile file =
      read_config_text(page.substr(from, page.find("```", from) - from), "example", faults);
  for (const Fault& fault : faults)
    ADD_FAILURE() << line_of(fault);
  EXPECT_EQ(file.groups.size(), 2U);
}

// `naru serve --options` writes it.
TEST(SchemaTest, TheTableInOperationsIsThisOne) {
  const std::string page = operations_page();
  EXPECT_NE(page.find("\n" + markdown_table()), std::string::npos)
      << "docs/OPERATIONS.md has another table than `naru serve --options` writes";
}

}  // namespace
}  // namespace apps
