// Files of a folder as a route: read by a worker, never by the loop.
#pragma once

#include <filesystem>
#include <string_view>

namespace naru::app {

class Doors;

void add_directory(Doors& doors, std::string_view prefix, std::filesystem::path folder);

}  // namespace naru::app
