#include "channel/page_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "channel/publication_fixture.hpp"

namespace naru::channel {
namespace {

TEST(PageText, AnEmptyPageHasAllItsMembers) {
  PageText page;
  EXPECT_TRUE(page.empty());
  EXPECT_EQ(std::move(page).finish("e.0", false, Standing()),
            R"({"messages":[],"position":"e.0","more":false,"recovered":true,"missing":0})");
}

TEST(PageText, SaysWhatIsLost) {
  EXPECT_EQ(PageText().finish("e.0", true, {.recovered = false, .missing = 7}),
            R"({"messages":[],"position":"e.0","more":true,"recovered":false,"missing":7})");
  EXPECT_EQ(PageText().finish("e.0", true, {.recovered = false, .missing = std::nullopt}),
            R"({"messages":[],"position":"e.0","more":true,"recovered":false,"missing":null})");
}

TEST(PageText, IsTheSameWithAndWithoutLinesThatStandAlready) {
  const std::vector<PublicationRef> publications = {publication_of(message_of(Kind::json, "[1,\n2]"), 1),
                                                    publication_of(message_of(Kind::text, "a\nb"), 2)};
  const auto page = [&] {
    PageText text;
    for (const PublicationRef& publication : publications)
      text.add(*publication);
    EXPECT_FALSE(text.empty());
    return std::move(text).finish("P", false, Standing());
  };
  const std::string fresh = page();
  EXPECT_EQ(fresh, R"({"messages":[{"position":"eQUJDREVGR0hJSktM.1","data":[1, 2]},)"
                   R"({"position":"eQUJDREVGR0hJSktM.2","text":"a\nb"}],)"
                   R"("position":"P","more":false,"recovered":true,"missing":0})");
  EXPECT_TRUE(publications[0]->forms.find(Form::line).empty()) << "a page makes no forms";
  static_cast<void>(line_of(*publications[0]));
  EXPECT_EQ(page(), fresh);
}

TEST(PageText, OfSeveralChannelsSaysWhereEachIsFrom) {
  PageText page;
  page.add(*publication_of(message_of(Kind::json, "1")), {.channel = "a", .position = "x~y"});
  EXPECT_EQ(std::move(page).finish("x~y", false, Standing()),
            R"({"messages":[{"channel":"a","position":"x~y","data":1}],"position":"x~y","more":false,)"
            R"("recovered":true,"missing":0})");
}

}  // namespace
}  // namespace naru::channel
