// GET and PUT /api/me: who you are, and what you are called; docs/protocol/chat.md, section 2.
#pragma once

#include <memory>

#include "chat/service.hpp"

namespace chat {

void serve_me(const std::shared_ptr<Service>& service);

}  // namespace chat
