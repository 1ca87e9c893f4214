#include "serve/html_page.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/base64.hpp"

namespace naru::serve {
namespace {

channel::PublicationRef text_message(std::string_view text, std::string_view event = {}) {
  channel::Publication publication;
  publication.message = {.kind = channel::Kind::text,
                         .data = base::Frame::copy(text),
                         .event = std::string(event),
                         .key = {},
                         .type = "text/plain",
                         .sender = {},
                         .headers = {}};
  publication.wall = std::chrono::system_clock::time_point(std::chrono::seconds(86'399));
  return std::make_shared<const channel::Publication>(std::move(publication));
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(HtmlPage, EverythingThatSomebodySaidIsEscaped) {
  const std::vector<channel::PublicationRef> messages = {
      text_message("</pre><script>alert('1')</script>&", "<b>\"")};
  const std::string page = html_page({.channel = "a<i>\"&'", .refresh = 5, .messages = messages});
  EXPECT_FALSE(has(page, "<script"));
  EXPECT_FALSE(has(page, "<i>"));
  EXPECT_TRUE(has(page, "&lt;/pre&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"));
  EXPECT_TRUE(has(page, "&lt;b&gt;&quot;"));
  EXPECT_TRUE(has(page, "<title>a&lt;i&gt;&quot;&amp;&#39;</title>"));
}

TEST(HtmlPage, NewestFirstWithItsTime) {
  const std::vector<channel::PublicationRef> messages = {text_message("older"), text_message("newer")};
  const std::string page =
      html_page({.channel = "news", .refresh = 7, .messages = messages, .has_older = true});
  EXPECT_LT(page.find("newer"), page.find("older"));
  EXPECT_TRUE(has(page, "1970-01-01 23:59:59"));
  EXPECT_TRUE(has(page, "<meta http-equiv=\"refresh\" content=\"7\">"));
  EXPECT_TRUE(has(page, "There are older messages."));
  EXPECT_EQ(page, html_page({.channel = "news", .refresh = 7, .messages = messages, .has_older = true}));
}

TEST(HtmlPage, SaysThatThereIsNothing) {
  EXPECT_TRUE(has(html_page({.channel = "news"}), "Nothing has been published here yet."));
}

TEST(HtmlPage, LongTextsAreCutBetweenCharacters) {
  std::string text;
  while (text.size() < 4095)
    text += 'a';
  text += "\xc3\xa9 and more";
  const std::vector<channel::PublicationRef> messages = {text_message(text)};
  const std::string page = html_page({.channel = "news", .refresh = 5, .messages = messages});
  EXPECT_TRUE(has(page, std::string(4095, 'a') + "\n…</pre>"));
}

TEST(HtmlPage, ItsPolicyNamesItsStyle) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const std::string_view style = html_page_style();
  ASSERT_EQ(EVP_Digest(style.data(), style.size(), digest.data(), &size, EVP_sha256(), nullptr), 1);
  std::string hash;
  base::append_base64(hash, {reinterpret_cast<const char*>(digest.data()), size});
  EXPECT_TRUE(has(std::string(html_page_policy()), "'sha256-" + hash + "'"));
}

}  // namespace
}  // namespace naru::serve
