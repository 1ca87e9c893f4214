#include "naru/broadcast.hpp"

#include <utility>

#include "adapter/adapter.hpp"
#include "app/namespace_core.hpp"
#include "app/outgoing.hpp"
#include "app/recovery.hpp"

namespace naru {
inline namespace v0 {

adapter::Selection Broadcast::selection() const {
  adapter::Selection selection;
  selection.rooms.reserve(rooms_.size());
  for (const std::string& room : rooms_)
    selection.rooms.emplace_back(room);
  selection.except.reserve(except_.size());
  for (const std::string& room : except_)
    selection.except.emplace_back(room);
  selection.local = flags_.local;
  return selection;
}

Broadcast Broadcast::to(std::string room) const {
  Broadcast wider = *this;
  wider.rooms_.push_back(std::move(room));
  return wider;
}
Broadcast Broadcast::to(std::vector<std::string> rooms) const {
  Broadcast wider = *this;
  for (std::string& room : rooms)
    wider.rooms_.push_back(std::move(room));
  return wider;
}
Broadcast Broadcast::except(std::string room) const {
  Broadcast narrower = *this;
  narrower.except_.push_back(std::move(room));
  return narrower;
}
Broadcast Broadcast::except(std::vector<std::string> rooms) const {
  Broadcast narrower = *this;
  for (std::string& room : rooms)
    narrower.except_.push_back(std::move(room));
  return narrower;
}
Broadcast Broadcast::volatile_() const {
  Broadcast hasty = *this;
  hasty.flags_.is_volatile = true;
  return hasty;
}
Broadcast Broadcast::local() const {
  Broadcast near = *this;
  near.flags_.local = true;
  return near;
}
Broadcast Broadcast::compress(bool allowed) const {
  Broadcast plain = *this;
  plain.flags_.compress = allowed;
  return plain;
}
void Broadcast::deliver(Emission emission) const {
  core_->each_target([&](app::NamespaceCore& one) {
    if (adapter::Recovery* recovery = one.recovery()) {
      // A parent has several targets.
      Emission own = core_->is_parent() ? emission : std::move(emission);
      recovery->emit(app::logged_event(one, std::move(own), flags_), selection());
    } else {
      one.adapter().broadcast(app::outgoing_parcel(one, std::nullopt, emission, flags_), selection());
    }
  });
}
void Broadcast::sockets_join(std::string room) const {
  core_->each_target([&](app::NamespaceCore& one) { one.adapter().join_selected(selection(), room); });
}
void Broadcast::sockets_join(const std::vector<std::string>& rooms) const {
  for (const std::string& room : rooms)
    sockets_join(room);
}
void Broadcast::sockets_leave(std::string room) const {
  core_->each_target([&](app::NamespaceCore& one) { one.adapter().leave_selected(selection(), room); });
}
void Broadcast::sockets_leave(const std::vector<std::string>& rooms) const {
  for (const std::string& room : rooms)
    sockets_leave(room);
}
void Broadcast::disconnect_sockets(bool close_connection) const {
  core_->each_target(
      [&](app::NamespaceCore& one) { one.adapter().disconnect_selected(selection(), close_connection); });
}

Broadcast Broadcast::timeout(std::chrono::milliseconds limit) const {
  Broadcast patient = *this;
  patient.timeout_ = limit;
  return patient;
}

}  // namespace v0
}  // namespace naru
