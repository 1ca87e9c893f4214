// Sockets of a namespace with recovery, on two loops that the test's own thread runs when it says so.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapter/recovering.hpp"
#include "support/fake_clock.hpp"

namespace naru::adapter {

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

inline Event event(const std::string& text, bool is_volatile = false) {
  return {.encode =
              [text](std::string_view position) {
                auto parcel = std::make_shared<hub::Parcel>();
                parcel->head.frame = base::Frame::copy(text + "@" + std::string(position));
                return parcel;
              },
          .bytes = text.size(),
          .is_volatile = is_volatile};
}

inline Selection to(const std::string& room) {
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

}  // namespace naru::adapter
