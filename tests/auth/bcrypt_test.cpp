#include "auth/bcrypt.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::auth {
namespace {

// Made by npm's bcryptjs: "changeit", and 72 times "x".
const std::string kHash = "$2b$10$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me";
const std::string kQuick = "$2a$04$CgR2hhIrCpqzDk1zicfETehvShflmaxYPNH5el88kxlOdc.JPCel2";
const std::string kLong = "$2a$04$MkZXuJ1yxg8fhSuUlHNV5eZu7k0ih/32iFKDq.9Sqn0hVytoPIGKG";

TEST(Bcrypt, VerifiesWhatOthersHashed) {
  EXPECT_TRUE(verify_bcrypt("changeit", kHash));
  EXPECT_FALSE(verify_bcrypt("changeIt", kHash));
  EXPECT_FALSE(verify_bcrypt("", kHash));
}

TEST(Bcrypt, KnowsAllThreeNamesOfIt) {
  for (const char letter : {'a', 'b', 'y'}) {
    std::string hash = kQuick;
    hash[2] = letter;
    EXPECT_TRUE(is_bcrypt(hash)) << hash;
    EXPECT_TRUE(verify_bcrypt("changeit", hash)) << hash;
  }
  std::string hash = kQuick;
  hash[2] = 'x';
  EXPECT_FALSE(is_bcrypt(hash));
}

TEST(Bcrypt, CostsAreTestedFromBothSides) {
  auto with_cost = [](std::string_view cost) { return std::string(kHash).replace(4, 2, cost); };
  for (const char* cost : {"04", "10", "15"})
    EXPECT_TRUE(is_bcrypt(with_cost(cost))) << cost;
  for (const char* cost : {"00", "03", "16", "31", "99", "1x", "-4", " 4"}) {
    EXPECT_FALSE(is_bcrypt(with_cost(cost))) << cost;
    EXPECT_FALSE(verify_bcrypt("changeit", with_cost(cost))) << cost;
  }
}

TEST(Bcrypt, LooksAt72BytesAndRefusesWhatNobodyTypes) {
  EXPECT_TRUE(verify_bcrypt(std::string(72, 'x'), kLong));
  EXPECT_TRUE(verify_bcrypt(std::string(73, 'x'), kLong));
  EXPECT_TRUE(verify_bcrypt(std::string(kMaxBcryptPassword, 'x'), kLong));
  EXPECT_FALSE(verify_bcrypt(std::string(kMaxBcryptPassword + 1, 'x'), kLong));
  EXPECT_FALSE(verify_bcrypt(std::string(71, 'x'), kLong));
}

TEST(Bcrypt, NulIsNotTheEnd) {
  EXPECT_FALSE(verify_bcrypt(std::string("changeit\0", 9), kQuick));
  EXPECT_FALSE(verify_bcrypt(std::string("changeit\0more", 13), kQuick));
}

TEST(Bcrypt, BrokenHashesAreRefused) {
  for (std::size_t size = 0; size < kQuick.size(); ++size) {
    EXPECT_FALSE(is_bcrypt(kQuick.substr(0, size))) << size;
  }
  EXPECT_FALSE(is_bcrypt(kQuick + "e"));
  for (std::size_t at = 0; at < kQuick.size(); ++at) {
    std::string broken = kQuick;
    broken[at] = '*';
    EXPECT_FALSE(verify_bcrypt("changeit", broken)) << broken;
  }
  EXPECT_FALSE(is_bcrypt("$1$saltsalt$hashhashhashhashhashha"));
  EXPECT_FALSE(is_bcrypt("changeit"));
}

}  // namespace
}  // namespace naru::auth
