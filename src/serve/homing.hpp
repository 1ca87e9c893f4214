// How an answer from any thread finds whoever asked for it on a loop, if he is still there.
//
//   Homing<Poll> homing_{*this, server};
//   channels.read(name, since, limit, homing_.to<Result<Page>>(&Poll::on_page));
//
// The method runs on the loop: during the answer when that comes there, else by a post. What comes after the
// Homing has been destroyed or let go finds nobody. Belongs to its loop.
#pragma once

#include <memory>
#include <utility>

#include "hub/loop_group.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {

template <class T>
class Homing {
 public:
  Homing(T& owner, LoopServer& server)
      : place_(std::make_shared<T*>(&owner)), loops_(server.shared().loops), home_(server.index()) {}
  Homing(const Homing&) = delete;
  Homing& operator=(const Homing&) = delete;
  ~Homing() { let_go(); }

  // Nothing that was asked for is waited for any more.
  void let_go() noexcept { *place_ = nullptr; }

  template <class Answer>
  auto to(void (T::*method)(Answer)) const {
    return [place = place_, loops = loops_, home = home_, method](Answer answer) {
      auto arrive = [place, method](Answer value) {
        if (T* owner = *place) (owner->*method)(std::move(value));
      };
      if (loops->is_here(home)) return arrive(std::move(answer));
      auto later = [arrive, answer = std::move(answer)]() mutable { arrive(std::move(answer)); };
      // Each is an answer that somebody waits for: what he may ask at once is bounded.
      loops->post(home, std::move(later), 0, net::PostKind::control);
    };
  }

 private:
  std::shared_ptr<T*> place_;  // what it points to is the loop's own
  std::shared_ptr<hub::LoopGroup> loops_;
  hub::LoopIndex home_;
};

}  // namespace naru::serve
