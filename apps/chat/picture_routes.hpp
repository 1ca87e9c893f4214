// Pictures by HTTP: uploaded into a room, and served; docs/protocol/chat.md, section 2.
#pragma once

#include <memory>

#include "chat/service.hpp"

namespace chat {

void serve_pictures(const std::shared_ptr<Service>& service);

}  // namespace chat
