// Requests to an Engine.IO path: checked in the reference's order, then given to their session.
#pragma once

#include <cstdint>

#include "http/exchange.hpp"

namespace naru::serve {

class HttpConnection;

// Answers now, or keeps a visitor with the connection that does later.
void serve_engine(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number);

}  // namespace naru::serve
