#include "naru/client/position_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "support/scratch_directory.hpp"

namespace apps {
namespace {

TEST(PositionFileTest, KeepsTheLastPosition) {
  naru::test::ScratchDirectory scratch;
  const std::string path = scratch.file("position.txt");
  {
    PositionFile file(path);
    EXPECT_EQ(file.read(), std::nullopt);
    file.keep("p1");
    EXPECT_EQ(PositionFile(path).read(), "p1");
    file.keep("p2");
  }
  EXPECT_EQ(PositionFile(path).read(), "p2");
}

TEST(PositionFileTest, AFileOfSomethingElseIsNotReadAsAPosition) {
  naru::test::ScratchDirectory scratch;
  const std::string path = scratch.file("position.txt");
  for (const std::string& wrong : {std::string(), std::string("{\"a\":1}"), std::string(65, 'a')}) {
    std::ofstream(path, std::ios::trunc) << wrong;
    EXPECT_THROW(PositionFile(path).read(), std::runtime_error) << wrong;
  }
  std::ofstream(path, std::ios::trunc) << std::string(64, 'a') << "\n";
  EXPECT_EQ(PositionFile(path).read(), std::string(64, 'a'));
}

}  // namespace
}  // namespace apps
