// A POST whose messages the owner cannot take all at once.
#include "engineio/session_fixture.hpp"

namespace naru::engineio {
namespace {

const std::string kThree =
    "4one\x1e"
    "4two\x1e"
    "4three";

class PausedPost : public SessionTest {
 protected:
  void SetUp() override {
    open_polling();
    events.react = [this](std::string_view data) {
      if (pauses) session.pause();
      if (data == "end") session.abort(CloseReason::forced_close);
    };
  }
  void resume_and_read_on() {
    session.resume(now());
    session.read_on(now());
  }
  bool pauses = true;
};

TEST_F(PausedPost, IsTakenMessageByMessage) {
  EXPECT_EQ(post(kThree), PostAnswer::held);
  EXPECT_THAT(events.messages, ElementsAre("one"));
  EXPECT_TRUE(session.has_unread());
  session.resume(now());
  EXPECT_THAT(events.messages, ElementsAre("one")) << "not from inside resume()";
  EXPECT_TRUE(session.holds_post());
  session.read_on(now());
  EXPECT_THAT(events.messages, ElementsAre("one", "two"));
  EXPECT_TRUE(session.holds_post());
  resume_and_read_on();
  EXPECT_THAT(events.messages, ElementsAre("one", "two", "three"));
  EXPECT_FALSE(session.has_unread());
  EXPECT_TRUE(session.holds_post()) << "paused by the last of them: its answer still waits";
  session.resume(now());
  EXPECT_FALSE(session.holds_post());
  EXPECT_EQ(post("4four"), PostAnswer::held) << "the next one is welcome";
}

TEST_F(PausedPost, HoldsNoMoreThanItsBody) {
  EXPECT_EQ(session.memory(), 0U);
  const std::string body = "4a\x1e" + std::string("4") + std::string(10'000, 'x');
  EXPECT_EQ(post(body), PostAnswer::held);
  EXPECT_GE(session.memory(), body.size());
  EXPECT_LE(session.memory(), 2 * body.size());
  pauses = false;
  resume_and_read_on();
  EXPECT_EQ(session.memory(), 0U);
  EXPECT_FALSE(session.holds_post());
}

TEST_F(PausedPost, WaitsAlsoWhenItComesDuringThePause) {
  session.pause();
  pauses = false;
  EXPECT_EQ(post(kThree), PostAnswer::held);
  EXPECT_THAT(events.messages, IsEmpty());
  resume_and_read_on();
  EXPECT_THAT(events.messages, ElementsAre("one", "two", "three"));
  EXPECT_FALSE(session.holds_post());
}

TEST_F(PausedPost, NextPostIsAnOverlap) {
  EXPECT_EQ(post(kThree), PostAnswer::held);
  EXPECT_FALSE(session.begin_post("text/plain"));
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
  EXPECT_FALSE(session.has_unread());
}

// The pause may begin and end between a POST's head and the end of its body.
TEST_F(PausedPost, PauseThatEndsBeforeTheBodyHasComeChangesNothing) {
  pauses = false;
  ASSERT_TRUE(session.begin_post("text/plain"));
  session.pause();
  session.resume(now());
  EXPECT_EQ(session.post(kThree, now()), PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("one", "two", "three"));
}

TEST_F(PausedPost, BadPacketInTheRestEndsTheSessionWhenItIsReached) {
  EXPECT_EQ(post("4one\x1e"
                 "abc\x1e"
                 "4two"),
            PostAnswer::held);
  EXPECT_THAT(events.closed, IsEmpty());
  resume_and_read_on();
  EXPECT_THAT(events.messages, ElementsAre("one"));
  EXPECT_THAT(events.closed, ElementsAre("parse error"));
}

TEST_F(PausedPost, EndsWithTheSession) {
  EXPECT_EQ(post("4one\x1e"
                 "4end\x1e"
                 "4three"),
            PostAnswer::held);
  resume_and_read_on();
  EXPECT_THAT(events.messages, ElementsAre("one", "end"));
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
  EXPECT_FALSE(session.holds_post());
  session.read_on(now());
  EXPECT_EQ(events.messages.size(), 2U);
}

TEST_F(PausedPost, ClientThatHangsUpOnItLosesTheRest) {
  EXPECT_EQ(post(kThree), PostAnswer::held);
  session.post_aborted();
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
  EXPECT_FALSE(session.has_unread());
}

// A client that sends "5" although its POST was not answered is no honest one: the order counts more.
TEST_F(PausedPost, RestOfAClientThatUpgradesMeanwhileIsDropped) {
  EXPECT_EQ(post(kThree), PostAnswer::held);
  attach_and_probe();
  receive("5");
  pauses = false;
  receive("4by websocket");
  resume_and_read_on();
  EXPECT_THAT(events.messages, ElementsAre("one", "by websocket"));
  EXPECT_FALSE(session.holds_post());
}

TEST_F(PausedPost, AnswersToItsMessagesLeaveInOneGet) {
  pauses = false;
  session.pause();
  events.react = [&](std::string_view data) { session.send(text(data)); };
  EXPECT_EQ(post(kThree), PostAnswer::held);
  RecordingPoll poll;
  session.poll(poll, now());
  resume_and_read_on();
  EXPECT_EQ(poll.body, kThree);
}

}  // namespace
}  // namespace naru::engineio
