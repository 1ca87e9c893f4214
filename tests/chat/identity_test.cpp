#include "chat/identity.hpp"

#include <gtest/gtest.h>

#include "chat/text.hpp"

namespace chat {
namespace {

const std::string kSecret = "a secret of sixty characters or so, kept in the data folder";

TEST(Identities, ReadsBackItsOwnCookieOnly) {
  const Identities identities(kSecret);
  const std::string session = Identities::new_session();
  const std::string cookie = identities.cookie_for(session);
  EXPECT_EQ(identities.session_of(cookie), session);
  EXPECT_FALSE(identities.session_of(std::nullopt));
  EXPECT_FALSE(identities.session_of(session));
  EXPECT_FALSE(identities.session_of(cookie + "x"));
  EXPECT_FALSE(Identities(kSecret + "2").session_of(cookie));
}

TEST(Identities, ThePersonIsTheSessionsForGood) {
  const Identities identities(kSecret);
  const Identities after_restart(kSecret);
  EXPECT_EQ(identities.person_id("session one"), after_restart.person_id("session one"));
  EXPECT_EQ(identities.color("session one"), after_restart.color("session one"));
  EXPECT_NE(identities.person_id("session one"), identities.person_id("session two"));
}

TEST(Identities, ThePersonTellsNothingOfSessionOrCookie) {
  const Identities identities(kSecret);
  const std::string session = Identities::new_session();
  const std::string person = identities.person_id(session);
  EXPECT_EQ(person.find(session), std::string::npos);
  EXPECT_EQ(identities.cookie_for(session).find(person.substr(1)), std::string::npos);
}

TEST(Identities, WhatIsShownHasTheRightShape) {
  const Identities identities(kSecret);
  for (int i = 0; i < 1000; ++i) {
    const std::string session = Identities::new_session();
    const std::string person = identities.person_id(session);
    ASSERT_EQ(person.size(), 17U);
    ASSERT_EQ(person.front(), 'p');
    ASSERT_TRUE(is_message_id(person)) << person;
    ASSERT_GE(identities.color(session), 0);
    ASSERT_LT(identities.color(session), 360);
    ASSERT_TRUE(clean_line(identities.first_nickname(session), 24));
  }
}

}  // namespace
}  // namespace chat
