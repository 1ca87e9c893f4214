// What administrators may do: emit, join, leave, _disconnect, each for everybody in a namespace or for whom a
// filter names.
#pragma once

#include <string>
#include <vector>

#include "naru/codec.hpp"
#include "naru/namespace.hpp"

namespace naru::admin {

// Rooms, or ids of sockets; none: everybody. On the wire a text, a list of texts, or nothing.
struct Filter {
  std::vector<std::string> rooms = {};
};

// Registers them on the namespace of the administrators, which lives as long as its handlers. Namespaces that
// are not there, reserved events and arguments of other types are logged and change nothing.
void take_commands(Namespace& space);

}  // namespace naru::admin

template <>
struct naru::Codec<naru::admin::Filter> {
  static bool decode(const Argument& in, admin::Filter& filter) {
    if (in.type() != JsonType::string) return in.read(filter.rooms) && !filter.rooms.empty();
    std::string room;
    if (!in.read(room)) return false;
    if (!room.empty()) filter.rooms.push_back(std::move(room));
    return true;
  }
};
