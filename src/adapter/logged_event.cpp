#include "adapter/logged_event.hpp"

#include <algorithm>

#include "adapter/log_position.hpp"

namespace naru::adapter {
namespace {

std::size_t cost_of(const std::vector<hub::RoomKey>& rooms) {
  std::size_t sum = 0;
  for (const hub::RoomKey& room : rooms)
    sum += sizeof room + room.name.size();
  return sum;
}

bool any_in(const std::vector<hub::RoomKey>& names, const RoomSet& rooms) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) { return rooms.contains(name); });
}

}  // namespace

LoggedEvent::LoggedEvent(Event event, Selection selection)
    : selection_(std::move(selection)),
      bytes_(event.bytes),
      cost_(kCost + event.bytes + cost_of(selection_.rooms) + cost_of(selection_.except)),
      is_volatile_(event.is_volatile),
      runs_user_code_(event.runs_user_code),
      encode_(std::move(event.encode)) {}

bool LoggedEvent::is_for(const RoomSet& rooms) const {
  return (selection_.rooms.empty() || any_in(selection_.rooms, rooms)) && !any_in(selection_.except, rooms);
}

const hub::SharedParcel& LoggedEvent::parcel(std::string_view epoch) const {
  std::call_once(once_, [&] {
    auto encode = std::move(encode_);
    parcel_ = encode(position_text(epoch, number_));
  });
  return parcel_;
}

}  // namespace naru::adapter
