#include "admin/login.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace naru::admin {
namespace {

TEST(AdminLogin, WantsAHash) {
  EXPECT_NO_THROW(Login({"admin", "$2b$10$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me"}, {}));
  EXPECT_THROW(Login({"admin", "changeit"}, {}), std::logic_error);
  EXPECT_THROW(Login({"admin", ""}, {}), std::logic_error);
  EXPECT_THROW(Login({"admin", "$2b$16$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me"}, {}),
               std::logic_error);
}

}  // namespace
}  // namespace naru::admin
