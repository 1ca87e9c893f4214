// The way of one event through its socket's own gates (Socket::use), one after the other, at once or later.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "naru/args.hpp"

namespace naru::app {

struct SocketRecord;

// Ends in run_handlers() (dispatch.hpp) when all gates allow it, and in report_error() when one refuses;
// meanwhile the socket's later events are held. REQUIRES: the socket has gates. On its loop.
void pass_gates(const std::shared_ptr<SocketRecord>& socket, std::string_view event,
                const ArgsView& arguments, std::optional<std::uint64_t> ack_id);

}  // namespace naru::app
