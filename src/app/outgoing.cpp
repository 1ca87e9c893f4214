#include "app/outgoing.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "app/parcels.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"

namespace naru::app {
namespace {

// A parcel's note.
struct Plain {
  std::string event;
  Args all;  // the name first
};

std::shared_ptr<const Plain> plain_of(const Emission& emission) {
  auto all = Args::parse("[" + emission.text + "]", emission.attachments);
  if (!all) return nullptr;  // raw JSON of the user's that is none
  std::string event = all->get<std::string>(0).value_or("");
  return std::make_shared<const Plain>(Plain{std::move(event), std::move(*all)});
}

}  // namespace

hub::SharedParcel outgoing_parcel(NamespaceCore& nsp, std::optional<std::uint64_t> id,
                                  const Emission& emission, EmitFlags flags) {
  hub::SharedParcel parcel = event_parcel(nsp, id, emission, flags);
  if (!nsp.is_watched()) return parcel;
  auto watched = std::make_shared<hub::Parcel>(*parcel);
  watched->note = plain_of(emission);
  return watched;
}

std::shared_ptr<const void> outgoing_note(NamespaceCore& nsp, const Emission& emission) {
  return nsp.is_watched() ? plain_of(emission) : nullptr;
}

void tell_outgoing(SocketRecord& socket, const hub::Parcel& parcel) {
  if (socket.is_telling_outgoing) return;
  socket.is_telling_outgoing = true;
  const auto keep = socket.self();
  const auto& plain = *static_cast<const Plain*>(parcel.note.get());
  const ArgsView arguments = plain.all.view().rest(1);
  Socket handle(keep);
  auto tell = [&](const SharedList<AnyHandler>& handlers) {
    for (const auto& handler : handlers)
      guard_user_code("socketio", "on_any_outgoing", [&] { handler->call(handle, plain.event, arguments); });
  };
  tell(socket.nsp->handlers_here()->any_outgoing);
  if (socket.own) tell(SharedList<AnyHandler>(socket.own->any_outgoing));
  socket.is_telling_outgoing = false;
}

}  // namespace naru::app
