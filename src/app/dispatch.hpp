// From packets and ends to the user's handlers: decoding by signature, tasks, held events, errors. On the
// socket's loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "naru/args.hpp"
#include "naru/handler_error.hpp"
#include "naru/parser.hpp"

namespace naru::app {

struct SocketRecord;

void dispatch_connection(const std::shared_ptr<SocketRecord>& socket);
void dispatch_event(const std::shared_ptr<SocketRecord>& socket, const IncomingPacket& packet);
void dispatch_ack(SocketRecord& socket, const IncomingPacket& packet);
// Everything that was `buffered` has left.
void dispatch_drain(SocketRecord& socket);

// An event that nothing stands in the way of any more: the handlers of its name.
void run_handlers(const std::shared_ptr<SocketRecord>& socket, std::string_view event,
                  const ArgsView& arguments, std::optional<std::uint64_t> ack_id);
// One log line, and on_error of the namespace and of the socket.
void report_error(const std::shared_ptr<SocketRecord>& socket, const HandlerError& error);

// Between the two, the socket's events are held: something of an earlier one is not over. The end runs them,
// and what waited for their end.
void begin_wait(SocketRecord& socket);
void end_wait(const std::shared_ptr<SocketRecord>& socket);

// The socket's end: disconnecting with the rooms intact, rooms left, waits ended, disconnect. Without
// `reason` nobody is told: it never was connected.
void end_socket(SocketRecord& socket, std::string_view reason);

}  // namespace naru::app
