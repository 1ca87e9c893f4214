// The namespace /lobby: the list of rooms, making and deleting them; docs/protocol/chat.md, section 3.
#pragma once

#include <memory>

#include "chat/service.hpp"

namespace chat {

void serve_lobby(const std::shared_ptr<Service>& service);

}  // namespace chat
