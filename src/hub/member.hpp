// A receiver: it lives on one loop, is in rooms there, and is handed parcels.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/parcel.hpp"

namespace naru::hub {

class RoomTable;
struct Room;

class Member {
 public:
  virtual ~Member() = default;
  // On the member's loop. Must not change any room's membership before it returns, unless the parcel has a
  // note.
  virtual void deliver(const SharedParcel& parcel) = 0;
  // The name that it answers to as if it were a room of its own.
  virtual const std::string& id() const = 0;

 private:
  friend class RoomTable;
  struct Membership {
    Room* room;
    std::uint32_t index;  // in room->members
  };
  std::vector<Membership> memberships_;
  std::uint64_t visit_ = 0;  // the last selection that has taken or excluded it
};

}  // namespace naru::hub
