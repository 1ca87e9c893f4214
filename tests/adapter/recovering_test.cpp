#include "adapter/recovering.hpp"

#include <atomic>
#include <optional>
#include <random>
#include <sstream>

#include "contract/adapter_contract.hpp"
#include "support/fake_clock.hpp"

namespace naru::adapter {
namespace {

using namespace std::chrono_literals;

struct RecoveringFactory {
  static std::shared_ptr<Adapter> make(std::shared_ptr<const hub::LoopGroup> loops) {
    return std::make_shared<Recovering>(std::move(loops), LocalLimits{}, RecoveringOptions{});
  }
};
using OneLoop = WithLoops<RecoveringFactory, 1>;
using TwoLoops = WithLoops<RecoveringFactory, 2>;
using Setups = testing::Types<OneLoop, TwoLoops>;
INSTANTIATE_TYPED_TEST_SUITE_P(Recovering, AdapterContract, Setups);

// A client's socket: notes "text@number " for each event, and what it would send back as its offset.
class Traveller final : public Member {
 public:
  Traveller(std::string id, hub::LoopIndex home) : Member(home), id_(std::move(id)) {}
  void deliver(const hub::SharedParcel& parcel) override {
    const std::string_view text = parcel->head.frame.view();
    const std::size_t at = text.find('@');
    heard += std::string(text.substr(0, at)) + " ";
    offset = text.substr(at + 1);
  }
  const std::string& id() const override { return id_; }
  void disconnect(bool) override {}
  void abandon() override {
    if (on_abandon) on_abandon();
  }

  std::string heard;
  std::optional<std::string> offset;
  Function<void()> on_abandon;
  bool is_over = false;

 private:
  std::string id_;
};
using SharedTraveller = std::shared_ptr<Traveller>;

Event event(const std::string& text, bool is_volatile = false) {
  return {.encode =
              [text](std::string_view position) {
                auto parcel = std::make_shared<hub::Parcel>();
                parcel->head.frame = base::Frame::copy(text + "@" + std::string(position));
                return parcel;
              },
          .bytes = text.size(),
          .is_volatile = is_volatile};
}

Selection to(const std::string& room) {
  Selection selection;
  if (!room.empty()) selection.rooms.emplace_back(room);
  return selection;
}

// Two loops that this thread runs when a test says so.
class RecoveringTest : public testing::Test {
 protected:
  RecoveringTest()
      : group_(std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>{&loops_[0], &loops_[1]})) {
    options_.clock = &clock_;
    options_.on_kept = [this] { ++kept_; };
    group_->enter(0);
  }
  ~RecoveringTest() override {
    if (made_) made_->close();
    hub::LoopGroup::leave();
    group_->close();
  }

  Recovering& recovering() {
    if (!made_) made_ = std::make_shared<Recovering>(group_, LocalLimits{}, std::move(options_));
    return *made_;
  }
  void turn(hub::LoopIndex loop) {
    on(loop, [&] { loops_[loop].poll(); });
  }
  void settle() {
    for (int i = 0; i < 3; ++i)
      turn(0), turn(1);
  }
  template <class Work>
  void on(hub::LoopIndex loop, Work work) {
    const hub::LoopIndex before = hub::LoopGroup::current_loop();
    group_->enter(loop);
    work();
    group_->enter(before);
  }

  SharedTraveller connect(const std::string& id, hub::LoopIndex home = 0,
                          std::vector<std::string> rooms = {}) {
    auto member = std::make_shared<Traveller>(id, home);
    on(home, [&] {
      recovering().add(*member);
      recovering().join(member, std::move(rooms));
      recovering().admit(member, "pid of " + id);
    });
    return member;
  }
  void lose(const SharedTraveller& member, base::TimePoint confirmed = {}) {
    on(member->home(), [&] {
      Session session{.pid = "pid of " + member->id(), .sid = member->id()};
      session.rooms = recovering().rooms_of(*member);
      session.confirmed_at = confirmed;
      recovering().remove(*member);
      recovering().save_session(*member, std::move(session));
    });
  }
  // The socket again, with what it has missed in `heard`; null when it cannot be.
  SharedTraveller come_back(const std::string& id, std::optional<std::string> offset,
                            hub::LoopIndex home = 0) {
    SharedTraveller member;
    on(home, [&] {
      auto found = [&](std::optional<Restored> restored) {
        if (!restored) return;
        EXPECT_EQ(restored->session.sid, id);
        member = std::make_shared<Traveller>(id, home);
        recovering().add(*member);
        recovering().join(member, restored->session.rooms);
        EXPECT_TRUE(recovering().resume(member, std::move(*restored)));
      };
      recovering().restore_session("pid of " + id, std::move(offset), found);
    });
    return member;
  }

  test::FakeClock clock_;
  std::array<net::Loop, 2> loops_{net::Loop({.index = 0}), net::Loop({.index = 1})};
  std::shared_ptr<hub::LoopGroup> group_;
  RecoveringOptions options_;
  int kept_ = 0;

 private:
  std::shared_ptr<Recovering> made_;
};

TEST_F(RecoveringTest, AllReceiversGetTheSamePositionAndVolatileEventsTheCurrentOne) {
  auto a = connect("a", 0);
  auto b = connect("b", 1);
  EXPECT_TRUE(recovering().emit(event("1"), to("")));
  turn(1);
  EXPECT_EQ(a->heard, "1 ");
  EXPECT_EQ(b->heard, "1 ");
  EXPECT_EQ(a->offset, position_text(recovering().epoch(), 1));
  EXPECT_EQ(b->offset, a->offset);
  recovering().emit(event("2", true), to(""));
  turn(1);
  EXPECT_EQ(b->heard, "1 2 ");
  EXPECT_EQ(b->offset, position_text(recovering().epoch(), 1));
}

TEST_F(RecoveringTest, ALoopDeliversInTheOrderOfTheNumbers) {
  auto a = connect("a", 0);
  auto b = connect("b", 1);
  on(1, [&] { recovering().emit(event("1"), to("")); });
  EXPECT_EQ(a->heard, "");
  // What stands in the lane goes before the event that is emitted here.
  EXPECT_TRUE(recovering().emit(event("2"), to("")));
  EXPECT_EQ(a->heard, "1 2 ");
  on(1, [&] { recovering().emit(event("3"), to("b")); });
  EXPECT_EQ(b->heard, "1 2 3 ");
  on(1, [&] { recovering().emit(event("4"), to("a")); });
  turn(0);
  EXPECT_EQ(a->heard, "1 2 4 ");
}

// What a caller does to other loops stands in one line: join, emit, leave, emit.
TEST_F(RecoveringTest, ACallersOrderHoldsWhenALoopRunsItsLaneBeforeItsInbox) {
  auto b = connect("b", 1);
  recovering().join(b, {"room"});
  recovering().emit(event("1"), to("room"));
  recovering().leave(b, "room");
  recovering().emit(event("2"), to("room"));
  on(1, [&] { recovering().emit(event("3"), to("b")); });
  EXPECT_EQ(b->heard, "1 3 ");
}

TEST_F(RecoveringTest, EmitsFromForeignThreadsAreDeliveredSoon) {
  auto a = connect("a", 0);
  std::thread([&] { EXPECT_FALSE(recovering().emit(event("1"), to("a"))); }).join();
  EXPECT_EQ(a->heard, "");
  turn(0);
  EXPECT_EQ(a->heard, "1 ");
}

TEST_F(RecoveringTest, BringsWhatWasMissedAndGoesOn) {
  auto a = connect("a", 0, {"room"});
  recovering().emit(event("1"), to("room"));
  lose(a);
  recovering().emit(event("2"), to("room"));
  recovering().emit(event("never"), to("elsewhere"));
  recovering().emit(event("3"), to("a"));
  recovering().emit(event("volatile", true), to("room"));
  EXPECT_EQ(a->heard, "1 ");
  auto again = come_back("a", a->offset, 1);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 3 ");
  recovering().emit(event("4"), to("room"));
  turn(1);
  EXPECT_EQ(again->heard, "2 3 4 ");
  on(1, [&] { EXPECT_EQ(recovering().rooms_of(*again), (std::vector<std::string>{"a", "room"})); });
}

TEST_F(RecoveringTest, WithoutAnOffsetFromItsConnectOn) {
  recovering().emit(event("before"), to(""));
  auto a = connect("a");
  lose(a);
  recovering().emit(event("1"), to(""));
  auto again = come_back("a", std::nullopt);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "1 ");
  // It did not get that either.
  lose(again);
  recovering().emit(event("2"), to(""));
  again = come_back("a", std::nullopt);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "1 2 ");
}

TEST_F(RecoveringTest, AnOffsetOfAnotherLogOrFromBeforeItsConnectMeansNothingYet) {
  recovering().emit(event("1"), to(""));
  recovering().emit(event("before"), to(""));
  auto a = connect("a");
  lose(a);
  recovering().emit(event("2"), to(""));
  auto again = come_back("a", position_text(recovering().epoch(), 1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
  lose(again);
  again = come_back("a", position_text("another-", 1'000'000));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
}

TEST_F(RecoveringTest, OffsetsThatCannotBeOursAreRefusedAndUseUpThePid) {
  for (const std::string& offset :
       {std::string("nonsense"), std::string(), position_text(recovering().epoch(), 4)}) {
    auto a = connect("a");
    recovering().emit(event("1"), to("nobody"));
    lose(a);
    EXPECT_FALSE(come_back("a", offset)) << offset;
    EXPECT_FALSE(come_back("a", std::nullopt));
  }
  EXPECT_FALSE(come_back("unknown", std::nullopt));
}

TEST_F(RecoveringTest, TheWindowOnBothSides) {
  options_.window = 10s;
  auto a = connect("a");
  lose(a);
  clock_.advance(10s - 1ns);
  a = come_back("a", std::nullopt);
  ASSERT_TRUE(a);
  lose(a);
  clock_.advance(10s);
  EXPECT_FALSE(come_back("a", std::nullopt));
}

TEST_F(RecoveringTest, WhoIsForgottenDoesNotComeBack) {
  auto a = connect("a");
  recovering().remove(*a);
  recovering().forget_session("pid of a");
  EXPECT_FALSE(come_back("a", std::nullopt));
}

TEST_F(RecoveringTest, WhatIsGivenBackCanBeTakenAgainInWhatIsLeftOfItsTime) {
  options_.window = 10s;
  auto a = connect("a");
  lose(a);
  clock_.advance(9s);
  recovering().restore_session("pid of a", std::nullopt, [&](std::optional<Restored> found) {
    recovering().give_back(found->session);
  });
  clock_.advance(999ms);
  EXPECT_TRUE(come_back("a", std::nullopt));
  a = connect("b");
  lose(a);
  clock_.advance(9s);
  recovering().restore_session("pid of b", std::nullopt, [&](std::optional<Restored> found) {
    recovering().give_back(found->session);
  });
  clock_.advance(1s);
  EXPECT_FALSE(come_back("b", std::nullopt));
}

// --- the log has moved on ---

class RecoveringWithSmallLog : public RecoveringTest {
 protected:
  RecoveringWithSmallLog() { options_.max_log_bytes = 4000; }
  void overrun() {
    for (int i = 0; i < 10; ++i)
      recovering().emit(event("x"), to("elsewhere"));
  }
};

TEST_F(RecoveringWithSmallLog, WhatWasEmittedSinceHasGone) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  lose(a);
  overrun();
  EXPECT_FALSE(come_back("a", a->offset));
}

TEST_F(RecoveringWithSmallLog, WhoHasHadEverythingMissesNothingThatHasGone) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  overrun();
  lose(a);
  recovering().emit(event("2"), to("a"));
  auto again = come_back("a", a->offset);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
}

TEST_F(RecoveringWithSmallLog, WhatWasLostOnTheWayHasGone) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  recovering().emit(event("2"), to("a"));
  overrun();
  lose(a);
  EXPECT_FALSE(come_back("a", arrived));
}

// A client that hears little, in a namespace where much is said: what has gone was confirmed by a heartbeat.
TEST_F(RecoveringWithSmallLog, WhatHasGoneWasConfirmedBefore) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  clock_.advance(1s);
  overrun();
  clock_.advance(6s);
  const auto pinged = clock_.now();
  clock_.advance(1s);
  for (int i = 0; i < 6; ++i)
    recovering().emit(event("y"), to("elsewhere"));
  recovering().emit(event("2"), to("a"));  // lost on the way
  lose(a, pinged);
  auto again = come_back("a", arrived);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
  // Now "2" was sent again, but no heartbeat has followed: the old confirmation says nothing of it.
  for (int i = 0; i < 9; ++i)
    recovering().emit(event("y"), to("elsewhere"));
  clock_.advance(10s);
  lose(again, pinged);
  EXPECT_FALSE(come_back("a", arrived));
}

TEST_F(RecoveringWithSmallLog, AConfirmationJustAfterProvesNothing) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  clock_.advance(1s);
  overrun();
  recovering().emit(event("2"), to("a"));
  clock_.advance(4s);  // less than a loop may lag
  lose(a, clock_.now());
  EXPECT_FALSE(come_back("a", arrived));
}

TEST_F(RecoveringWithSmallLog, WhatGoesWhileGatesDecideIsNotedWhenItIsLetIn) {
  auto a = connect("a");
  lose(a);
  std::optional<Restored> kept;
  recovering().restore_session("pid of a", std::nullopt,
                               [&](std::optional<Restored> found) { kept = std::move(found); });
  ASSERT_TRUE(kept);
  overrun();
  a = std::make_shared<Traveller>("a", hub::LoopIndex{0});
  recovering().add(*a);
  EXPECT_FALSE(recovering().resume(a, std::move(*kept)));
  EXPECT_EQ(a->heard, "");
  recovering().remove(*a);
}

// A loop that stands still gets no more than its lane takes; its sockets know that they have missed
// something.
TEST_F(RecoveringTest, ALaneIsBoundedAndWhoMayHaveMissedSomethingDoesNotComeBack) {
  options_.max_lane_bytes = 10'000;
  auto b = connect("b", 1);
  auto c = connect("c", 1);
  int sent = 0;
  std::string expected;
  for (; sent < 16; ++sent) {
    recovering().emit(event("x"), to("b"));
    expected += "x ";
  }
  turn(1);
  EXPECT_EQ(b->heard, expected);
  lose(c);
  EXPECT_TRUE(come_back("c", std::nullopt, 1));
  for (int i = 0; i < 100; ++i)
    recovering().emit(event("x"), to("b"));
  turn(1);
  EXPECT_LT(b->heard.size(), expected.size() + 40);
  lose(b);
  EXPECT_FALSE(come_back("b", b->offset, 1));
  auto d = connect("d", 1);
  lose(d);
  EXPECT_TRUE(come_back("d", std::nullopt, 1));
}

TEST_F(RecoveringTest, ExpiresAndAsksToBeCalledAgain) {
  options_.window = 10s;
  options_.confirmation = 5s;
  options_.lag = 0s;
  EXPECT_EQ(recovering().expire(), base::kNever);
  recovering().emit(event("1"), to(""));
  EXPECT_EQ(kept_, 1);
  recovering().emit(event("2"), to(""));
  EXPECT_EQ(kept_, 1);
  clock_.advance(1s);
  lose(connect("a"));
  EXPECT_EQ(kept_, 1);
  EXPECT_EQ(recovering().expire(), clock_.now() + 10s);
  clock_.advance(10s);
  EXPECT_EQ(recovering().expire(), clock_.now() + 4s);
  clock_.advance(4s);
  EXPECT_EQ(recovering().expire(), base::kNever);
  EXPECT_EQ(kept_, 1);
  lose(connect("b"));
  EXPECT_EQ(kept_, 2);
}

// --- a socket that still seems to be connected ---

TEST_F(RecoveringTest, IsTakenOverOnTheSameLoop) {
  auto a = connect("a");
  recovering().emit(event("1"), to("a"));
  const auto arrived = a->offset;
  recovering().emit(event("2"), to("a"));  // into the void
  a->on_abandon = [&] { lose(a); };
  auto again = come_back("a", arrived);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "2 ");
}

TEST_F(RecoveringTest, IsTakenOverFromAnotherLoop) {
  auto a = connect("a", 1);
  a->on_abandon = [&] { lose(a); };
  recovering().emit(event("1"), to("a"));
  SharedTraveller again;
  recovering().restore_session("pid of a", std::nullopt, [&](std::optional<Restored> restored) {
    EXPECT_TRUE(group_->is_here(0));
    ASSERT_TRUE(restored);
    again = std::make_shared<Traveller>("a", hub::LoopIndex{0});
    recovering().add(*again);
    EXPECT_TRUE(recovering().resume(again, std::move(*restored)));
  });
  EXPECT_FALSE(again);
  settle();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->heard, "1 ");
}

TEST_F(RecoveringTest, WhoCannotBeEndedIsNotTakenOver) {
  auto a = connect("a");
  int times = 0;
  a->on_abandon = [&] { ++times; };
  EXPECT_FALSE(come_back("a", std::nullopt));
  EXPECT_EQ(times, 3);
  auto b = connect("b", 1);
  bool is_refused = false;
  recovering().restore_session("pid of b", std::nullopt,
                               [&](std::optional<Restored> restored) { is_refused = !restored; });
  settle();
  settle();
  EXPECT_TRUE(is_refused);
}

// What is run may emit: it finds done what it asks for, in order.
TEST_F(RecoveringTest, WorkOfALaneMayEmitAndLeave) {
  auto a = connect("a", 0, {"room"});
  auto b = connect("b", 0, {"room"});
  on(1, [&] {
    auto visit = std::make_shared<Visit>();
    visit->each = [&](Member& member) {
      if (member.id() != "a") return;
      recovering().emit(event("bye"), to("room"));
      recovering().leave(b, "room");
      recovering().emit(event("alone"), to("room"));
    };
    recovering().emit(event("1"), to("room"));
    recovering().visit(to("room"), visit);
    recovering().emit(event("2"), to("room"));
  });
  turn(0);
  EXPECT_EQ(a->heard, "1 2 bye alone ");
  EXPECT_EQ(b->heard, "1 2 bye ");
}

// --- threads ---

// Sockets on two loops are cut and come back on either, at random, while threads and loops emit numbers into
// their rooms: each hears each number once, in the order of its sender.
class RecoveringThreads : public AdapterContract<TwoLoops> {
 protected:
  static constexpr int kSenders = 4;
  static constexpr int kNumbers = 1250;
  static constexpr int kSockets = 12;

  struct Client {
    std::mutex mutex;
    std::string id;
    std::string heard;                  // of all its lives; what was lost on the way is not in it
    std::optional<std::string> offset;  // of the last that arrived
  };

  Recovering& recovering() { return static_cast<Recovering&>(*adapter_); }

  static std::string room_of(int socket) { return "room " + std::to_string(socket % 3); }

  SharedTraveller begin(Client& client, hub::LoopIndex home) {
    auto member = std::make_shared<Traveller>(client.id, home);
    member->on_abandon = [this, raw = member.get()] { end(*raw); };
    return member;
  }
  // On its loop.
  void end(Traveller& member) {
    if (std::exchange(member.is_over, true)) return;
    Session session{.pid = "pid of " + member.id(), .sid = member.id()};
    session.rooms = adapter_->rooms_of(member);
    adapter_->remove(member);
    recovering().save_session(member, std::move(session));
  }
};

TEST_F(RecoveringThreads, EverythingOnceAndInOrder) {
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<SharedTraveller> members;
  for (int i = 0; i < kSockets; ++i) {
    clients.push_back(std::make_unique<Client>());
    clients.back()->id = "s" + std::to_string(i);
    const auto home = static_cast<hub::LoopIndex>(i % 2);
    members.push_back(begin(*clients.back(), home));
    on(home, [&] {
      adapter_->add(*members.back());
      adapter_->join(members.back(), {room_of(i)});
      recovering().admit(members.back(), "pid of " + clients.back()->id);
    });
  }
  std::atomic<int> running{kSenders};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < kNumbers; ++i) {
        auto send = [this, sender, i] {
          const std::string text = std::to_string(sender) + ":" + std::to_string(i);
          for (int room = 0; room < 3; ++room)
            recovering().emit(event(text), to("room " + std::to_string(room)));
        };
        if (sender < 2) {
          send();
        } else {
          on(static_cast<hub::LoopIndex>(sender % 2), send);
        }
      }
      --running;
    });
  }
  std::mt19937 random(7);
  int lives = 0;
  const auto cut = [&](std::size_t i, bool is_noticed) {
    Client& client = *clients[i];
    SharedTraveller& member = members[i];
    std::optional<std::string> offset;
    on(member->home(), [&] {
      client.heard += std::exchange(member->heard, {});
      offset = client.offset = member->offset ? member->offset : client.offset;
      if (is_noticed) end(*member);
    });
    // Between the two it may hear more, which is lost on the way.
    const auto home = static_cast<hub::LoopIndex>(random() % 2);
    std::promise<SharedTraveller> promise;
    on(home, [&] {
      recovering().restore_session("pid of " + client.id, offset,
                                   [&, home](std::optional<Restored> restored) {
                                     if (!restored) return promise.set_value(nullptr);
                                     auto again = begin(client, home);
                                     adapter_->add(*again);
                                     adapter_->join(again, restored->session.rooms);
                                     const bool is_back = recovering().resume(again, std::move(*restored));
                                     promise.set_value(is_back ? again : nullptr);
                                   });
    });
    member = promise.get_future().get();
    ++lives;
  };
  while (running > 0) {
    const std::size_t i = random() % kSockets;
    cut(i, random() % 2 == 0);
    ASSERT_TRUE(members[i]) << "not restored";
  }
  for (auto& sender : senders)
    sender.join();
  settle();
  EXPECT_GT(lives, kSockets);
  for (int i = 0; i < kSockets; ++i) {
    const std::size_t at = static_cast<std::size_t>(i);
    on(members[at]->home(), [&] { clients[at]->heard += members[at]->heard; });
    std::array<int, kSenders> next{};
    std::istringstream words(clients[at]->heard);
    for (std::string word; words >> word;) {
      const auto sender = static_cast<std::size_t>(word[0] - '0');
      ASSERT_EQ(std::stoi(word.substr(2)), next[sender]++) << clients[at]->id;
    }
    for (const int count : next)
      EXPECT_EQ(count, kNumbers);
  }
  for (auto& member : members)
    on(member->home(), [&] {
      member->is_over = true;
      adapter_->remove(*member);
    });
  recovering().close();
}

}  // namespace
}  // namespace naru::adapter
