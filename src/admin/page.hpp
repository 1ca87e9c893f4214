// The official page of the Admin UI, built in (web/admin/build.mjs): nothing of it comes from another host.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "naru/asset.hpp"
#include "naru/server.hpp"

namespace naru::admin {

std::span<const Asset> page_files();

// At `path` ("/admin/"), filled in with where the Socket.IO server and the administrators' namespace are.
void serve_page(Server& server, std::string path, std::string_view io_path, std::string_view nsp);

}  // namespace naru::admin
