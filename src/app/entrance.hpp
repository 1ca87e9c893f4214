// The gates before a namespace, one after the other, at once or later.
#pragma once

#include <memory>

namespace naru::app {

struct SocketRecord;

// Lets the socket in or turns it away when the last gate has answered; nothing happens when it has gone
// meanwhile. On the socket's loop.
void enter(const std::shared_ptr<SocketRecord>& socket);

}  // namespace naru::app
