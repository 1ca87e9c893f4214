// What a server with these settings serves, in a few lines for people.
#pragma once

#include <cstdint>
#include <string>

#include "naru/serve/settings.hpp"

namespace apps {

// One indented line for each door: "  /channels/NAME  channels: …".
std::string what_is_served(const ServeSettings& settings);

// Where: "http://localhost:8005", or the path of the Unix socket. `port` is the one that was bound.
std::string address_of(const ServeSettings& settings, std::uint16_t port);

}  // namespace apps
