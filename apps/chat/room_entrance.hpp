// Who may enter a room: the two gates of the namespace /room.
//
// The first may take its time (a password is a slow hash on a worker thread), the second takes the place in
// the room and must not wait: between it and the greeting nothing may come.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chat/failure.hpp"
#include "chat/service.hpp"
#include "naru/task.hpp"

namespace chat {

// What is known of a socket that was let in.
struct Visit {
  std::string session;
  std::string person;
  std::string room;
};

class RoomEntrance {
 public:
  explicit RoomEntrance(std::shared_ptr<Service> service) : service_(std::move(service)) {}

  naru::Task<naru::Verdict> check(naru::Socket& socket);
  naru::Verdict take_place(naru::Socket& socket);

 private:
  naru::Task<std::optional<Failure>> check_password(Visit visit, std::string address, std::string password,
                                                    std::string hash);

  std::shared_ptr<Service> service_;
};

}  // namespace chat
