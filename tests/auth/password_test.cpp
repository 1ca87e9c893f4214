#include "auth/password.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace naru::auth {
namespace {

// Made by Node's crypto.scryptSync, with a low cost.
const std::string kFromNode =
    "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$E3DrZV6ijGCu1r0zcdaeyEqn3K0hsKnlSsaZ3yFrMJk";

TEST(Password, VerifiesWhatItHashedAndNothingElse) {
  const std::string kept = hash_password("open sesame");
  EXPECT_TRUE(kept.starts_with("$scrypt$ln=14,r=8,p=5$")) << kept;
  EXPECT_TRUE(verify_password("open sesame", kept));
  EXPECT_FALSE(verify_password("open sesamE", kept));
  EXPECT_FALSE(verify_password("", kept));
}

TEST(Password, SaltsDiffer) {
  EXPECT_NE(hash_password("same"), hash_password("same"));
}

TEST(Password, IsScryptAsOthersKnowIt) {
  EXPECT_TRUE(verify_password("open sesame", kFromNode));
  EXPECT_FALSE(verify_password("open", kFromNode));
}

TEST(Password, TakesAnyBytes) {
  const std::string odd("\0\xFF pass", 7);
  const std::string kept = hash_password(odd);
  EXPECT_TRUE(verify_password(odd, kept));
  EXPECT_FALSE(verify_password(odd.substr(0, 1), kept));
}

TEST(Password, LengthIsTestedFromBothSides) {
  const std::string longest(kMaxPassword, 'x');
  EXPECT_TRUE(verify_password(longest, hash_password(longest)));
  EXPECT_THROW(hash_password(longest + "x"), std::length_error);
  EXPECT_FALSE(verify_password(longest + "x", kFromNode));
}

TEST(Password, BrokenHashesAreRefused) {
  for (std::size_t size = 0; size < kFromNode.size(); ++size) {
    EXPECT_FALSE(verify_password("open sesame", kFromNode.substr(0, size))) << size;
  }
  for (const char* kept : {"plain text", "$scrypt$ln=x,r=8,p=1$AAAA$AAAA", "$scrypt$ln=4,r=8,p=1$AAAA$AAAA",
                           "$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAA"}) {
    EXPECT_FALSE(verify_password("x", kept)) << kept;
  }
  EXPECT_FALSE(verify_password("open sesame", kFromNode + "AAAA"));
}

TEST(Password, UnbearableCostsAreRefused) {
  const std::string rest = kFromNode.substr(kFromNode.find("p=1") + 3);
  for (const char* cost : {"ln=16,r=8,p=1", "ln=63,r=8,p=1", "ln=4,r=1000,p=1", "ln=4,r=8,p=1000",
                           "ln=0,r=8,p=1", "ln=4,r=0,p=1", "ln=4,r=8,p=0", "ln=99999999999,r=8,p=1"}) {
    std::string kept = "$scrypt$";
    kept.append(cost).append(rest);
    EXPECT_FALSE(verify_password("open sesame", kept)) << kept;
  }
}

}  // namespace
}  // namespace naru::auth
