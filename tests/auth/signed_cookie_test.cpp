#include "auth/signed_cookie.hpp"

#include <gtest/gtest.h>

#include <string>
#include <system_error>

namespace naru::auth {
namespace {

// node -e 'crypto.createHmac("sha256", "keyboard cat").update("hello").digest("base64").replace(/=+$/, "")'
constexpr const char* kFromNode = "s:hello.xz6khi6+oL1pnNhBgjk3Nr1CX2sxTjJiO9pKXaHZ33E";

TEST(SignedCookie, IsExpresss) {
  const CookieSigner signer({"keyboard cat"});
  EXPECT_EQ(signer.sign("hello"), kFromNode);
  EXPECT_EQ(signer.verify(kFromNode), "hello");
}

TEST(SignedCookie, ValuesComeBack) {
  const CookieSigner signer({"key"});
  for (const char* value : {"", "a.b.c", "나루", "with space; and semicolon"}) {
    const std::string cookie = signer.sign(value);
    EXPECT_EQ(signer.verify(cookie), value);
  }
}

TEST(SignedCookie, EveryChangeIsNoticed) {
  const CookieSigner signer({"key"});
  const std::string cookie = signer.sign("user-42");
  for (std::size_t at = 0; at < cookie.size(); ++at) {
    std::string changed = cookie;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer.verify(changed)) << changed;
    EXPECT_FALSE(signer.verify(cookie.substr(0, at))) << at;
  }
  EXPECT_FALSE(signer.verify(cookie + "="));
  EXPECT_FALSE(CookieSigner({"other key"}).verify(cookie));
}

TEST(SignedCookie, OtherTextsAreNoCookies) {
  const CookieSigner signer({"key"});
  for (const char* text : {"", "s:", "s:.", "s:value", "value.signature", "s:value."})
    EXPECT_FALSE(signer.verify(text));
}

TEST(SignedCookie, KeysRotate) {
  const CookieSigner before({"old"});
  const CookieSigner during({"new", "old"});
  const CookieSigner after({"new"});
  const std::string old_cookie = before.sign("v");
  EXPECT_EQ(during.verify(old_cookie), "v");
  EXPECT_EQ(after.verify(during.sign("v")), "v");
  EXPECT_FALSE(after.verify(old_cookie));
}

TEST(SignedCookie, SizeIsTestedFromBothSides) {
  const CookieSigner signer({"key"});
  const std::size_t around = signer.sign("").size();
  const std::string at_limit = signer.sign(std::string(CookieSigner::kMaxCookie - around, 'x'));
  const std::string above = signer.sign(std::string(CookieSigner::kMaxCookie - around + 1, 'x'));
  EXPECT_TRUE(signer.verify(at_limit));
  EXPECT_FALSE(signer.verify(above));
}

TEST(SignedCookie, ASignerNeedsGoodKeys) {
  EXPECT_THROW(CookieSigner({}), std::system_error);
  EXPECT_THROW(CookieSigner({"good", ""}), std::system_error);
}

}  // namespace
}  // namespace naru::auth
