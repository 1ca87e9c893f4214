// From packets and ends to the user's handlers: decoding by signature, tasks, held events, errors. On the
// socket's loop.
#pragma once

#include <memory>
#include <string_view>

#include "naru/parser.hpp"

namespace naru::app {

struct SocketRecord;

void dispatch_connection(const std::shared_ptr<SocketRecord>& socket);
void dispatch_event(const std::shared_ptr<SocketRecord>& socket, const IncomingPacket& packet);
void dispatch_ack(SocketRecord& socket, const IncomingPacket& packet);
// Everything that was `buffered` has left.
void dispatch_drain(SocketRecord& socket);

// The socket's end: disconnecting with the rooms intact, rooms left, waits ended, disconnect. Without
// `reason` nobody is told: it never was connected.
void end_socket(SocketRecord& socket, std::string_view reason);

}  // namespace naru::app
