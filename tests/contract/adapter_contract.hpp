// What every adapter promises to a namespace, over one loop and over several, each with its own thread.
//
//   struct LocalFactory { static std::shared_ptr<Adapter> make(std::shared_ptr<const hub::LoopGroup>); };
//   using Setups = testing::Types<WithLoops<LocalFactory, 1>, WithLoops<LocalFactory, 2>>;
//   INSTANTIATE_TYPED_TEST_SUITE_P(Local, AdapterContract, Setups);
//
// A member here notes what it got, on its loop. settle() waits until all that was asked for before has been
// done.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapter/adapter.hpp"
#include "support/mailbox.hpp"

namespace naru::adapter {

class Listener final : public Member {
 public:
  Listener(std::string id, hub::LoopIndex home) : Member(home), id_(std::move(id)) {}
  void deliver(const hub::SharedParcel& parcel) override { heard_.append(parcel->head.frame.view()); }
  const std::string& id() const override { return id_; }
  void disconnect(bool close_connection) override { heard_.append(close_connection ? "[closed]" : "[left]"); }
  void abandon() override { heard_.append("[abandoned]"); }

  std::string heard_;  // on its loop

 private:
  std::string id_;
};
using SharedListener = std::shared_ptr<Listener>;

template <class Factory, std::size_t Loops>
struct WithLoops {
  static constexpr std::size_t kLoops = Loops;
  static std::shared_ptr<Adapter> make(std::shared_ptr<const hub::LoopGroup> loops) {
    return Factory::make(std::move(loops));
  }
};

template <class Setup>
class AdapterContract : public testing::Test {
 protected:
  AdapterContract() {
    std::vector<net::Loop*> all;
    for (std::size_t i = 0; i < Setup::kLoops; ++i) {
      loops_.push_back(std::make_unique<net::Loop>(net::LoopOptions{.index = static_cast<unsigned>(i)}));
      all.push_back(loops_.back().get());
    }
    group_ = std::make_shared<hub::LoopGroup>(all);
    adapter_ = Setup::make(group_);
    for (std::size_t i = 0; i < Setup::kLoops; ++i) {
      threads_.emplace_back([this, i] {
        group_->enter(static_cast<hub::LoopIndex>(i));
        loops_[i]->run();
        hub::LoopGroup::leave();
      });
    }
  }
  ~AdapterContract() override {
    for (auto& loop : loops_)
      loop->stop();
    for (auto& thread : threads_)
      thread.join();
    group_->close();
  }

  static hub::LoopIndex last_loop() { return static_cast<hub::LoopIndex>(Setup::kLoops - 1); }
  // Runs on that loop and waits for it.
  template <class Work>
  void on(hub::LoopIndex loop, Work work) {
    std::promise<void> done;
    ASSERT_TRUE(group_->post(
        loop,
        [&] {
          work();
          done.set_value();
        },
        0, net::PostKind::control));
    ASSERT_EQ(done.get_future().wait_for(test::kPatience), std::future_status::ready);
  }
  // Twice: what one loop has given to another has been done too.
  void settle() {
    for (std::size_t i = 0; i < 2 * Setup::kLoops; ++i)
      on(static_cast<hub::LoopIndex>(i % Setup::kLoops), [] {});
  }
  SharedListener add(const std::string& id, hub::LoopIndex home) {
    auto member = std::make_shared<Listener>(id, home);
    on(home, [&] { adapter_->add(*member); });
    return member;
  }
  void remove(const SharedListener& member) {
    on(member->home(), [&] { adapter_->remove(*member); });
  }
  std::string heard(const SharedListener& member) {
    settle();
    std::string text;
    on(member->home(), [&] { text = std::exchange(member->heard_, {}); });
    return text;
  }
  std::vector<std::string> rooms_of(const SharedListener& member) {
    settle();
    std::vector<std::string> rooms;
    on(member->home(), [&] { rooms = adapter_->rooms_of(*member); });
    std::sort(rooms.begin(), rooms.end());
    return rooms;
  }
  static Selection select(const std::vector<std::string>& rooms,
                          const std::vector<std::string>& except = {}) {
    Selection selection;
    for (const std::string& room : rooms)
      selection.rooms.emplace_back(room);
    for (const std::string& room : except)
      selection.except.emplace_back(room);
    return selection;
  }
  void say(const std::string& text, const Selection& selection) {
    auto parcel = std::make_shared<hub::Parcel>();
    parcel->head.frame = base::Frame::copy(text);
    adapter_->broadcast(std::move(parcel), selection);
  }

  std::vector<std::unique_ptr<net::Loop>> loops_;
  std::shared_ptr<hub::LoopGroup> group_;
  std::shared_ptr<Adapter> adapter_;
  std::vector<std::thread> threads_;
};
TYPED_TEST_SUITE_P(AdapterContract);

using Names = std::vector<std::string>;

TYPED_TEST_P(AdapterContract, UnionExceptionsAndIds) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  auto c = this->add("c", 0);
  this->adapter_->join(a, {"red"});
  this->adapter_->join(b, {"red", "blue"});
  this->adapter_->join(c, {"blue"});
  this->say("1", this->select({}));
  this->say("2", this->select({"red"}));
  this->say("3", this->select({"red", "blue"}));
  this->say("4", this->select({"red"}, {"blue"}));
  this->say("5", this->select({"c", "b"}));
  this->say("6", this->select({}, {"a", "blue"}));
  this->say("7", this->select({"red", "blue"}, {"b"}));
  this->say("8", this->select({"nowhere"}));
  EXPECT_EQ(this->heard(a), "12347");
  EXPECT_EQ(this->heard(b), "1235");
  EXPECT_EQ(this->heard(c), "1357");
}

TYPED_TEST_P(AdapterContract, RoomsOfAMember) {
  auto a = this->add("a", this->last_loop());
  EXPECT_EQ(this->rooms_of(a), Names{"a"});
  this->adapter_->join(a, {"x", "y", "x"});
  EXPECT_EQ(this->rooms_of(a), (Names{"a", "x", "y"}));
  this->adapter_->leave(a, "x");
  this->adapter_->leave(a, "never joined");
  EXPECT_EQ(this->rooms_of(a), (Names{"a", "y"}));
}

TYPED_TEST_P(AdapterContract, OwnIdIsARoomThatCannotBeLeft) {
  auto a = this->add("a", this->last_loop());
  this->adapter_->join(a, {"a"});
  this->adapter_->leave(a, "a");
  this->say("1", this->select({"a"}));
  EXPECT_EQ(this->heard(a), "1");
  EXPECT_EQ(this->rooms_of(a), Names{"a"});
}

TYPED_TEST_P(AdapterContract, SomebodyElsesIdMayBeJoined) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  this->adapter_->join(a, {"b"});
  this->say("1", this->select({"b"}));
  this->remove(b);
  this->say("2", this->select({"b"}));
  EXPECT_EQ(this->heard(a), "12");
  EXPECT_EQ(this->heard(b), "1");
}

TYPED_TEST_P(AdapterContract, WhoHasGoneHearsAndJoinsNothing) {
  auto a = this->add("a", this->last_loop());
  this->adapter_->join(a, {"red"});
  this->remove(a);
  this->adapter_->join(a, {"red", "blue"});
  this->adapter_->leave(a, "red");
  this->say("1", this->select({"red", "blue", "a"}));
  this->say("2", this->select({}));
  EXPECT_EQ(this->heard(a), "");
}

// Whoever joins and then broadcasts reaches; whoever leaves somebody and then broadcasts does not.
TYPED_TEST_P(AdapterContract, OneCallersOrderHolds) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  std::string expected;
  for (int round = 0; round < 200; ++round) {
    const std::string room = "room " + std::to_string(round % 3);
    auto speak = [&] {
      for (const auto& member : {a, b})
        this->adapter_->join(member, {room});
      this->say(std::to_string(round) + " ", this->select({room}));
      for (const auto& member : {a, b})
        this->adapter_->leave(member, room);
      this->say("never ", this->select({room}));
    };
    if (round % 3 == 0) {
      speak();  // this thread is no loop
    } else {
      this->on(round % 3 == 1 ? 0 : this->last_loop(), speak);
      this->settle();
    }
    expected += std::to_string(round) + " ";
  }
  EXPECT_EQ(this->heard(a), expected);
  EXPECT_EQ(this->heard(b), expected);
}

TYPED_TEST_P(AdapterContract, JoinAndLeaveOfAllSelected) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  auto c = this->add("c", this->last_loop());
  this->adapter_->join(a, {"red"});
  this->adapter_->join(b, {"red"});
  this->adapter_->join_selected(this->select({"red"}, {"a"}), "blue");
  this->say("1", this->select({"blue"}));
  this->adapter_->join_selected(this->select({}), "all");
  this->say("2", this->select({"all"}));
  this->adapter_->leave_selected(this->select({"red"}), "all");
  this->say("3", this->select({"all"}));
  this->adapter_->join_selected(this->select({"nowhere"}), "never");
  this->adapter_->join_selected(this->select({"red"}), "red");  // into the room that selects
  this->say("4", this->select({"red", "never"}));
  this->adapter_->leave_selected(this->select({"red"}), "red");
  this->say("5", this->select({"red"}));
  EXPECT_EQ(this->heard(a), "24");
  EXPECT_EQ(this->heard(b), "124");
  EXPECT_EQ(this->heard(c), "23");
}

TYPED_TEST_P(AdapterContract, DisconnectOfAllSelected) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  this->adapter_->join(a, {"red"});
  this->adapter_->disconnect_selected(this->select({"red"}), false);
  this->adapter_->disconnect_selected(this->select({}, {"red"}), true);
  EXPECT_EQ(this->heard(a), "[left]");
  EXPECT_EQ(this->heard(b), "[closed]");
}

// Each selected one is visited once, on its loop; `end` comes once for each loop that was counted.
TYPED_TEST_P(AdapterContract, VisitsEachOnceAndSaysWhenALoopIsDone) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  auto c = this->add("c", 0);
  for (const auto& member : {a, b, c})
    this->adapter_->join(member, {"red", "blue"});
  std::mutex mutex;
  std::multimap<std::string, bool> visited;
  test::Mailbox<std::size_t> ends;
  auto visit = std::make_shared<Visit>();
  visit->each = [&](Member& member) {
    // What a visit does to rooms disturbs nobody's turn.
    this->adapter_->leave(std::static_pointer_cast<Member>(member.shared_from_this()), "red");
    std::lock_guard lock(mutex);
    visited.emplace(member.id(), this->group_->is_here(member.home()));
  };
  visit->end = [&](std::size_t sockets) { ends.put(sockets); };
  std::size_t reached = this->adapter_->visit(this->select({"red", "blue"}, {"c"}), visit);
  std::size_t sockets = 0;
  for (; reached > 0; --reached)
    sockets += ends.take();
  EXPECT_EQ(sockets, 2U);
  EXPECT_EQ(visited, (std::multimap<std::string, bool>{{"a", true}, {"b", true}}));
  this->settle();
  EXPECT_TRUE(ends.empty());
  EXPECT_EQ(this->rooms_of(a), (Names{"a", "blue"}));
  EXPECT_EQ(this->rooms_of(c), (Names{"blue", "c", "red"}));

  reached = this->adapter_->visit(this->select({"nowhere"}), visit);
  for (; reached > 0; --reached)
    EXPECT_EQ(ends.take(), 0U);
}

// Threads join, leave and send while members come and go; afterwards nothing is left behind.
TYPED_TEST_P(AdapterContract, ThreadsAndLoopsAtOnce) {
  constexpr int kRounds = 300;
  std::vector<SharedListener> members;
  for (int i = 0; i < 8; ++i)
    members.push_back(this->add("m" + std::to_string(i), i % 2 == 0 ? 0 : this->last_loop()));
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&, number] {
      for (int i = 0; i < kRounds; ++i) {
        const SharedListener& member = members[static_cast<std::size_t>(i * 3 + number) % members.size()];
        const std::string room = "room " + std::to_string(i % 4);
        this->adapter_->join(member, {room});
        if (i % 5 == 0) this->adapter_->join_selected(this->select({room}), "gathered");
        if (i % 3 == 0) this->adapter_->leave(member, room);
        if (i % 7 == 0) this->adapter_->leave_selected(this->select({}), "gathered");
        this->say("x", this->select({room, "gathered"}));
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (const auto& member : members)
    this->remove(member);
  auto late = this->add("late", 0);
  for (int i = 0; i < 4; ++i)
    this->say("y", this->select({"room " + std::to_string(i), "gathered"}));
  EXPECT_EQ(this->heard(late), "");
  this->adapter_->join(late, {"room 1"});
  this->say("z", this->select({"room 1"}));
  EXPECT_EQ(this->heard(late), "z");
}

TYPED_TEST_P(AdapterContract, AskedAfterTheLoopsHaveGone) {
  auto a = this->add("a", 0);
  this->group_->close();
  this->adapter_->join(a, {"red"});
  this->adapter_->leave(a, "red");
  this->say("1", this->select({}));
  this->adapter_->join_selected(this->select({}), "blue");
  this->adapter_->disconnect_selected(this->select({}), true);
  EXPECT_EQ(a->heard_, "");
}

TYPED_TEST_P(AdapterContract, AllRoomsOfAllLoopsEachOnce) {
  auto a = this->add("a", 0);
  auto b = this->add("b", this->last_loop());
  this->adapter_->join(a, {"red", "shared"});
  this->adapter_->join(b, {"shared"});
  this->settle();
  test::Mailbox<Names> found;
  this->adapter_->all_rooms([&](Names rooms) {
    std::sort(rooms.begin(), rooms.end());
    found.put(std::move(rooms));
  });
  EXPECT_EQ(found.take(), (Names{"a", "b", "red", "shared"}));
  this->remove(a);
  this->adapter_->leave(b, "shared");
  this->settle();
  this->on(0, [&] { this->adapter_->all_rooms([&](Names rooms) { found.put(std::move(rooms)); }); });
  EXPECT_EQ(found.take(), (Names{"b"}));
  this->remove(b);
}

// The own room of a member, what is there before anybody wants to know, and one room over several loops.
TYPED_TEST_P(AdapterContract, RoomsThatChangeAreTold) {
  std::mutex mutex;
  Names told;
  auto take_told = [&] {
    this->settle();
    std::lock_guard lock(mutex);
    return std::exchange(told, {});
  };
  auto early = this->add("early", 0);
  this->adapter_->join(early, {"old"});
  this->settle();
  this->adapter_->watch_rooms([&](RoomChange change, std::string_view room, std::string_view id) {
    static constexpr const char* kNames[] = {"create ", "join ", "leave ", "delete "};
    std::lock_guard lock(mutex);
    told.push_back(kNames[static_cast<std::size_t>(change)] + std::string(room) + (id.empty() ? "" : " ") +
                   std::string(id));
  });
  EXPECT_EQ(take_told(), Names());
  auto b = this->add("b", this->last_loop());
  EXPECT_EQ(take_told(), (Names{"create b", "join b b"}));
  this->adapter_->join(b, {"old", "new"});
  EXPECT_EQ(take_told(), (Names{"join old b", "create new", "join new b"}));
  this->adapter_->join(b, {"old"});
  EXPECT_EQ(take_told(), Names()) << "it was there already";
  this->adapter_->join_selected(this->select({"early"}), "new");
  EXPECT_EQ(take_told(), (Names{"join new early"}));
  this->adapter_->leave_selected(this->select({"b"}), "new");
  EXPECT_EQ(take_told(), (Names{"leave new b"}));
  this->adapter_->leave(early, "new");
  EXPECT_EQ(take_told(), (Names{"leave new early", "delete new"}));
  this->remove(early);
  EXPECT_EQ(take_told(), (Names{"leave old early", "leave early early", "delete early"}));
  this->remove(b);
  EXPECT_EQ(take_told(), (Names{"leave old b", "delete old", "leave b b", "delete b"}));
}

// What an adapter without other servers answers, and others may not forget: every question ends.
TYPED_TEST_P(AdapterContract, ServersAnswer) {
  test::Mailbox<std::size_t> answered;
  this->adapter_->server_side_emit(*Args::parse(R"(["hello",1])"),
                                   [&](std::vector<Args> answers, std::error_code error) {
                                     EXPECT_FALSE(error);
                                     answered.put(answers.size());
                                   });
  EXPECT_EQ(answered.take(), 0U);
}

REGISTER_TYPED_TEST_SUITE_P(AdapterContract, AllRoomsOfAllLoopsEachOnce, RoomsThatChangeAreTold,
                            ServersAnswer, UnionExceptionsAndIds, RoomsOfAMember,
                            OwnIdIsARoomThatCannotBeLeft, SomebodyElsesIdMayBeJoined,
                            WhoHasGoneHearsAndJoinsNothing, OneCallersOrderHolds, JoinAndLeaveOfAllSelected,
                            DisconnectOfAllSelected, VisitsEachOnceAndSaysWhenALoopIsDone,
                            ThreadsAndLoopsAtOnce, AskedAfterTheLoopsHaveGone);

}  // namespace naru::adapter
