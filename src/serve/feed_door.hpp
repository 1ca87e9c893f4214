// The way into a feed, whatever door it leads to: method, Origin, what is asked for, the gate.
//
// The gate may answer later: meanwhile a client that hangs up cancels the question, and a body stays with its
// sender.
#pragma once

#include "http/exchange.hpp"
#include "serve/application.hpp"

namespace naru::serve {

class HttpConnection;

void serve_feed(HttpConnection& connection, http::Exchange& exchange, const Door& door);

}  // namespace naru::serve
