#include "auth/origin.hpp"

#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <vector>

namespace naru::auth {
namespace {

struct Case {
  const char* origin;
  const char* host;
  bool is_secure;
  bool is_allowed;
};

TEST(Origin, NoOriginIsNoBrowser) {
  EXPECT_TRUE(decide_origin(OriginList(), {.host = "a.example"}).is_allowed);
  EXPECT_TRUE(decide_origin(OriginList(), {}).is_allowed);
}

TEST(Origin, OurOwnHostIsAllowedAndNoOther) {
  const Case kCases[] = {
      {"http://a.example", "a.example", false, true},
      {"http://A.Example", "a.example", false, true},
      {"http://a.example:80", "a.example", false, true},
      {"http://a.example", "a.example:80", false, true},
      {"https://a.example", "a.example", true, true},
      {"https://a.example", "a.example:443", true, true},
      {"https://a.example:8443", "a.example:8443", true, true},
      // An unknown proxy may have ended TLS before us.
      {"https://a.example", "a.example", false, true},
      // But a page without TLS does not speak to a server with it.
      {"http://a.example", "a.example", true, false},
      {"http://a.example:443", "a.example:443", true, false},
      {"http://localhost:8005", "localhost:8005", false, true},
      {"http://127.0.0.1:8005", "127.0.0.1:8005", false, true},
      {"http://[::1]:8005", "[::1]:8005", false, true},
      {"http://[::1]", "[::1]", false, true},
      {"http://localhost:8005", "127.0.0.1:8005", false, false},
      {"http://localhost:3000", "localhost:8005", false, false},
      {"http://a.example", "a.example:8080", false, false},
      {"http://a.example:8080", "a.example", false, false},
      {"https://a.example", "a.example:80", false, false},
      {"http://b.example", "a.example", false, false},
      {"http://sub.a.example", "a.example", false, false},
      {"http://a.example.evil.example", "a.example", false, false},
      {"http://evila.example", "a.example", false, false},
      {"null", "null", false, false},
      {"", "", false, false},
      {"a.example", "a.example", false, false},
      {"http://a.example/", "a.example", false, false},
      {"http://a.example/path", "a.example", false, false},
      {"http://user@a.example", "a.example", false, false},
      {"http://a.example@evil.example", "a.example", false, false},
      {"http://a.example:", "a.example", false, false},
      {"http://a.example:x", "a.example", false, false},
      {"http://a.example:99999", "a.example", false, false},
      {"http://a.example http://b.example", "a.example", false, false},
      {"http://", "", false, false},
      {"http://[::1", "[::1", false, false},
      {"http://[]", "[]", false, false},
      {"http://a\nb", "a\nb", false, false},
      {"http://a.example", "", false, false},
      {"://a.example", "a.example", false, false},
  };
  for (const Case& test : kCases) {
    const OriginDecision decision =
        decide_origin(OriginList(), {.origin = test.origin, .host = test.host, .is_secure = test.is_secure});
    EXPECT_EQ(decision.is_allowed, test.is_allowed) << test.origin << " to " << test.host;
    EXPECT_EQ(decision.sentence.find("cors.origin") == std::string::npos, test.is_allowed)
        << decision.sentence;
  }
}

bool is_listed(const std::vector<std::string>& list, const char* origin) {
  return decide_origin(OriginList(list), {.origin = origin, .host = "here.example"}).is_allowed;
}

TEST(Origin, TheListAllowsExactlyWhatItNames) {
  const std::vector<std::string> list = {"https://app.example", "http://localhost:3000",
                                         "https://[2001:db8::1]:8443"};
  EXPECT_TRUE(is_listed(list, "https://app.example"));
  EXPECT_TRUE(is_listed(list, "https://app.example:443"));
  EXPECT_TRUE(is_listed(list, "HTTPS://APP.EXAMPLE"));
  EXPECT_TRUE(is_listed(list, "http://localhost:3000"));
  EXPECT_TRUE(is_listed(list, "https://[2001:db8::1]:8443"));
  EXPECT_FALSE(is_listed(list, "http://app.example"));
  EXPECT_FALSE(is_listed(list, "https://app.example:8443"));
  EXPECT_FALSE(is_listed(list, "http://localhost"));
  EXPECT_FALSE(is_listed(list, "https://sub.app.example"));
  EXPECT_FALSE(is_listed(list, "null"));
}

TEST(Origin, AStarNamesTheHostsBelow) {
  const std::vector<std::string> list = {"https://*.example.org", "http://*.local:3000"};
  EXPECT_TRUE(is_listed(list, "https://a.example.org"));
  EXPECT_TRUE(is_listed(list, "https://a.b.EXAMPLE.org"));
  EXPECT_TRUE(is_listed(list, "http://x.local:3000"));
  EXPECT_FALSE(is_listed(list, "https://example.org"));
  EXPECT_FALSE(is_listed(list, "https://.example.org/"));
  EXPECT_FALSE(is_listed(list, "https://evilexample.org"));
  EXPECT_FALSE(is_listed(list, "https://example.org.evil"));
  EXPECT_FALSE(is_listed(list, "http://a.example.org"));
  EXPECT_FALSE(is_listed(list, "http://x.local"));
}

TEST(Origin, SpecialEntries) {
  EXPECT_TRUE(is_listed({"*"}, "https://anything.example"));
  EXPECT_TRUE(is_listed({"*"}, "null"));
  EXPECT_TRUE(is_listed({"null"}, "null"));
  EXPECT_FALSE(is_listed({"null"}, "https://a.example"));
  EXPECT_TRUE(OriginList({"*"}).names_all());
  EXPECT_FALSE(OriginList({"null"}).names_all());
}

TEST(Origin, PatternsAndAQuestionBesideTheList) {
  OriginList list({"https://a.example"});
  EXPECT_EQ(list.only(), "https://a.example");
  list.add({Pattern("^https://[a-z]+\\.b\\.example$")});
  EXPECT_EQ(list.only(), std::nullopt);
  list.add([](std::string_view origin) { return origin.ends_with(".c.example"); });
  for (const char* origin : {"https://a.example", "https://x.b.example", "https://y.c.example"})
    EXPECT_TRUE(list.names(origin)) << origin;
  for (const char* origin : {"https://b.example", "https://1.b.example", "https://x.b.example.evil", "null"})
    EXPECT_FALSE(list.names(origin)) << origin;
}

TEST(Origin, APatternOrAQuestionAloneIsAList) {
  OriginList list;
  EXPECT_TRUE(list.empty());
  list.add([](std::string_view) { return true; });
  EXPECT_FALSE(list.empty());
  EXPECT_TRUE(decide_origin(list, {.origin = "https://a.example", .host = "here.example"}).is_allowed);
  EXPECT_EQ(OriginList({"https://*.example"}).only(), std::nullopt);
  EXPECT_EQ(OriginList({"null"}).only(), std::nullopt);
}

TEST(Origin, EntriesThatAreNoOriginsAreRefusedAtSetup) {
  for (const char* entry :
       {"", "app.example", "https://app.example/", "https://*", "https://*.", "https://*.a/", "*.example",
        "https://a.*.example", "https://user@app.example", "https://app.example:", "://*.example"}) {
    EXPECT_THROW(OriginList({entry}), std::system_error) << entry;
  }
}

TEST(Origin, ASentenceStaysShort) {
  const std::string origin = "https://" + std::string(10'000, 'a');
  EXPECT_LT(decide_origin(OriginList(), {.origin = origin, .host = origin}).sentence.size(), 500U);
}

}  // namespace
}  // namespace naru::auth
