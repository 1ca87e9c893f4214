// The pages of web/, built into the program, and /healthz.
#pragma once

#include <memory>
#include <span>

#include "chat/service.hpp"
#include "naru/asset.hpp"

namespace chat {

// Made at build time (cmake/embed.cmake).
std::span<const naru::Asset> page_files();

void serve_pages(const std::shared_ptr<Service>& service);

}  // namespace chat
