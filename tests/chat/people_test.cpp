#include "chat/people.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "chat/waited.hpp"
#include "naru/server.hpp"
#include "support/scratch_directory.hpp"

namespace chat {
namespace {

class PeopleTest : public testing::Test {
 protected:
  PeopleTest() { restart(); }
  void restart() {
    people_.reset();
    server_.reset();
    server_ = std::make_unique<naru::Server>();
    server_->channels(kPeopleChannel, {.durability = naru::Durability::power});
    server_->data(folder_.path());
    people_ = std::make_unique<People>(identities_, server_->channel(kPeopleChannel));
    people_->load();
  }

  naru::test::ScratchDirectory folder_;
  Identities identities_{"a secret that only this test has"};
  std::unique_ptr<naru::Server> server_;
  std::unique_ptr<People> people_;
};

TEST_F(PeopleTest, HaveANameBeforeTheyChooseOne) {
  const Person person = people_->person_of("session");
  EXPECT_EQ(person.nickname, identities_.first_nickname("session"));
  EXPECT_EQ(person.id, identities_.person_id("session"));
  EXPECT_EQ(person.color, identities_.color("session"));
}

TEST_F(PeopleTest, KeepTheirNewestNameOverARestart) {
  EXPECT_TRUE(waited(people_->rename("one", "first")));
  EXPECT_TRUE(waited(people_->rename("two", "other")));
  EXPECT_TRUE(waited(people_->rename("one", "나루")));
  EXPECT_EQ(people_->person_of("one").nickname, "나루");
  restart();
  EXPECT_EQ(people_->person_of("one").nickname, "나루");
  EXPECT_EQ(people_->person_of("two").nickname, "other");
}

TEST_F(PeopleTest, AreReadBackPageByPage) {
  for (int i = 0; i < 1100; ++i)
    ASSERT_TRUE(waited(people_->rename("session", "name " + std::to_string(i))));
  restart();
  EXPECT_EQ(people_->person_of("session").nickname, "name 1099");
}

}  // namespace
}  // namespace chat
