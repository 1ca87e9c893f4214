// What goes out, shown to those who listen (on_any_outgoing): the event goes with its parcel in plain, so
// that nobody has to decode what was just encoded. Where nobody listens this costs one load for each emit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/namespace_core.hpp"
#include "hub/parcel.hpp"
#include "naru/args.hpp"
#include "naru/emission.hpp"

namespace naru::app {

struct SocketRecord;

// An event's parcel, with the event in plain beside it when somebody in the namespace listens.
hub::SharedParcel outgoing_parcel(NamespaceCore& nsp, std::optional<std::uint64_t> id,
                                  const Emission& emission, EmitFlags flags);

// The note for such a parcel; null when nobody listens.
std::shared_ptr<const void> outgoing_note(NamespaceCore& nsp, const Emission& emission);

// Tells the listeners of the namespace and of this socket. Runs user code. On the socket's loop.
// REQUIRES: parcel.note.
void tell_outgoing(SocketRecord& socket, const hub::Parcel& parcel);

}  // namespace naru::app
