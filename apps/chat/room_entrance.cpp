#include "chat/room_entrance.hpp"

#include <exception>
#include <utility>

#include "naru/log.hpp"
#include "naru/offload.hpp"

namespace chat {

naru::Task<naru::Verdict> RoomEntrance::check(naru::Socket& socket) {
  const naru::Handshake& handshake = socket.handshake();
  auto session = service_->identities.session_of(handshake.cookie(kCookie));
  if (!session) co_return refused(no_session());
  auto room = handshake.auth.get<std::string>("room");
  if (!room) co_return refused(bad_request("room: the id of a room"));
  const naru::Value password = handshake.auth.find("password");
  if (!password.is_null() && !password.is_string()) co_return refused(bad_request("password: a text"));

  Visit visit{*session, service_->identities.person_id(*session), std::move(*room)};
  const Rooms::Knock knock = service_->rooms.knock(visit.room, visit.person);
  if (knock.refusal) co_return refused(*knock.refusal);
  if (!knock.password_hash.empty()) {
    if (password.is_null()) co_return refused({"password_needed", "this room is locked"});
    auto checking = check_password(visit, std::string(handshake.address()),
                                   password.get<std::string>().value_or(""), knock.password_hash);
    const std::optional<Failure> failure = co_await std::move(checking);
    if (failure) co_return refused(*failure);
    service_->rooms.admit(visit.room, visit.person);
  }
  socket.data<Visit>() = std::move(visit);
  co_return naru::allow;
}

// A try is paid for before the hash is made, so that many at once do not come cheaper, and given back when it
// was right.
naru::Task<std::optional<Failure>> RoomEntrance::check_password(Visit visit, std::string address,
                                                                std::string password, std::string hash) {
  RateLimits& limits = service_->limits;
  if (auto wait = limits.take(Rate::passwords, visit.session, Service::now())) co_return slow_down(*wait);
  if (auto wait = limits.take(Rate::passwords, address, Service::now())) co_return slow_down(*wait);
  bool is_right = false;
  if (password.size() <= kMaxPassword) {
    auto work = [&] { return naru::verify_password(password, hash); };
    try {
      auto verifying = naru::offload(work);
      is_right = co_await std::move(verifying);
    } catch (const std::exception& failure) {
      naru::log(naru::Level::warning, "chat",
                std::string("a password could not be checked: ") + failure.what());
      co_return slow_down(std::chrono::seconds(1));
    }
  }
  if (!is_right) co_return Failure{"wrong_password", "that is not the password of this room"};
  limits.give_back(Rate::passwords, visit.session, Service::now());
  limits.give_back(Rate::passwords, address, Service::now());
  co_return std::nullopt;
}

naru::Verdict RoomEntrance::take_place(naru::Socket& socket) {
  const Visit& visit = socket.data<Visit>();
  const Person person = service_->people.person_of(visit.session);
  if (auto failure = service_->rooms.enter(visit.room, {socket.id(), person})) return refused(*failure);
  return naru::allow;
}

}  // namespace chat
