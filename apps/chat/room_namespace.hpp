// The namespace /room: one socket is one tab in one room; docs/protocol/chat.md, section 4.
#pragma once

#include <memory>

#include "chat/service.hpp"

namespace chat {

void serve_rooms(const std::shared_ptr<Service>& service);

}  // namespace chat
