// The gates before a namespace, one after the other, at once or later.
#pragma once

#include <memory>

#include "naru/verdict.hpp"

namespace naru::app {

struct SocketRecord;

// Lets the socket in or turns it away when the last gate has answered; nothing happens when it has gone
// meanwhile. `first` is what has been decided about it before. On the socket's loop.
void enter(const std::shared_ptr<SocketRecord>& socket, const Verdict& first);

}  // namespace naru::app
