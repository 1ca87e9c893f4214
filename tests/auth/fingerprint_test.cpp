#include "auth/fingerprint.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::auth {
namespace {

// Made by Node's crypto.createHash("sha256").digest("base64url").
TEST(Fingerprint, IsTheBeginningOfSha256) {
  EXPECT_EQ(fingerprint("kN2d7xQ0bq1mJ8cTAwAB"), "HXhpESZad0Wr");
  EXPECT_EQ(fingerprint(""), "47DEQpj8HBSa");
}

TEST(Fingerprint, TellsSecretsApartThatBeginAlike) {
  EXPECT_NE(fingerprint("user-12345678901"), fingerprint("user-12345678902"));
}

}  // namespace
}  // namespace naru::auth
