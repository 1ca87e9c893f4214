#include "serve/gathered_page.hpp"

#include <gtest/gtest.h>

#include "channel/publication_fixture.hpp"
#include "serve/shared_page.hpp"

namespace naru::serve {
namespace {

channel::PublicationRef number(int value, std::uint64_t offset) {
  return channel::publication_of(channel::message_of(channel::Kind::json, std::to_string(value)), offset);
}

GatheredPage page_of(const channel::PublicationRef& first, const channel::PublicationRef& last) {
  GatheredPage page(1);
  page.items = {{0, first}, {0, last}};
  page.begin.set(0, {channel::letters_epoch(), first->position.offset - 1});
  page.end.set(0, last->position);
  return page;
}

TEST(GatheredPage, OfOneChannel) {
  EXPECT_EQ(text_of(page_of(number(7, 1), number(8, 2)), {}),
            R"({"messages":[{"position":"eQUJDREVGR0hJSktM.1","data":7},)"
            R"({"position":"eQUJDREVGR0hJSktM.2","data":8}],"position":"eQUJDREVGR0hJSktM.2",)"
            R"("more":false,"recovered":true,"missing":0})");
}

// Behind each message stands where the whole connection is.
TEST(GatheredPage, OfSeveralChannels) {
  GatheredPage page(2);
  page.begin.set(0, {channel::letters_epoch(), 4});
  page.begin.set(1, {channel::letters_epoch(), 9});
  page.items = {{1, number(1, 10)}, {0, number(2, 5)}};
  page.end.set(0, {channel::letters_epoch(), 5});
  page.end.set(1, {channel::letters_epoch(), 10});
  const std::string p = "eQUJDREVGR0hJSktM.";
  const std::vector<std::string> labels = {"a", "b"};
  EXPECT_EQ(text_of(page, labels), "{\"messages\":[{\"channel\":\"b\",\"position\":\"" + p + "4~" + p +
                                       "10\",\"data\":1},{\"channel\":\"a\",\"position\":\"" + p + "5~" + p +
                                       "10\",\"data\":2}],\"position\":\"" + p + "5~" + p +
                                       "10\",\"more\":false,\"recovered\":true,\"missing\":0}");
}

TEST(SharedPage, IsMadeOnceInATurn) {
  net::Loop loop;
  SharedPage shared(loop);
  const auto first = number(1, 1);
  const auto last = number(2, 2);
  const base::Frame made = shared.text_of(page_of(first, last));
  EXPECT_EQ(shared.text_of(page_of(first, last)).data(), made.data());
  GatheredPage other = page_of(first, last);
  other.more = true;
  EXPECT_NE(shared.text_of(other).view(), made.view());
  EXPECT_NE(shared.text_of(page_of(first, first)).view(), made.view());
}

TEST(SharedPage, KeepsNothingBeyondTheTurn) {
  net::Loop loop;
  SharedPage shared(loop);
  const auto message = number(1, 1);
  shared.text_of(page_of(message, message));
  EXPECT_GT(message.use_count(), 1);
  loop.stop();
  loop.run();
  EXPECT_EQ(message.use_count(), 1);
}

TEST(SharedPage, AnEmptyPageIsWhereItsReaderStands) {
  net::Loop loop;
  SharedPage shared(loop);
  GatheredPage page(1);
  page.end.set(0, {channel::letters_epoch(), 3});
  EXPECT_EQ(shared.text_of(page).view(),
            R"({"messages":[],"position":"eQUJDREVGR0hJSktM.3","more":false,"recovered":true,"missing":0})");
}

}  // namespace
}  // namespace naru::serve
