// What everybody is called, over restarts: each change is a message of the channel `people`.
//
//   chat::Person me = people.person_of(session);
//   auto storing = people.rename(session, "나루");
//   if (!co_await std::move(storing)) …
//
// From any thread. The newest kMaxKnownPeople nicknames are kept, others fall back to the first one.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "chat/identity.hpp"
#include "chat/person.hpp"
#include "naru/channel.hpp"
#include "naru/task.hpp"

namespace chat {

inline constexpr const char* kPeopleChannel = "people";

class People {
 public:
  People(const Identities& identities, naru::Channel channel)
      : identities_(identities), channel_(std::move(channel)) {}

  // Waits for the disk; throws std::runtime_error with a sentence when it cannot be read.
  void load();

  Person person_of(const std::string& session) const;
  // True once it is on the disk; false: he is called as before.
  naru::Task<bool> rename(std::string session, std::string nickname);

 private:
  struct Known {
    std::string nickname;
    std::uint64_t number = 0;  // of the change, to forget the oldest first
  };
  void keep(const std::string& person, std::string nickname);

  const Identities& identities_;
  naru::Channel channel_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;  // by a person's id; guarded by mutex_, as all below
  std::map<std::uint64_t, std::string> order_;    // change -> person
  std::uint64_t changes_ = 0;
};

}  // namespace chat
