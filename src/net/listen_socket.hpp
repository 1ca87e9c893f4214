// Opening listening sockets: which addresses a host text means, and the options that each gets.
//
//   ListenSockets opened = open_listen_sockets("localhost", 0, 4096);   // 127.0.0.1 and ::1, one free port
//
// Setup only: may ask the resolver, and throws std::system_error with a sentence that says what to do.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "net/descriptor.hpp"

namespace naru::net {

struct ListenSockets {
  std::vector<UniqueDescriptor> descriptors;
  std::uint16_t port = 0;
};

// "localhost" is both loopbacks, because browsers try either first; "::" and "" are IPv4 and IPv6 in one
// socket, or IPv4 alone on a machine without IPv6; every other host is what the resolver says, all of it.
ListenSockets open_listen_sockets(std::string_view host, std::uint16_t port, int backlog);

// Replaces a socket file on which nobody listens; refuses to replace anything else.
UniqueDescriptor open_unix_listen_socket(std::string_view path, int backlog);

}  // namespace naru::net
