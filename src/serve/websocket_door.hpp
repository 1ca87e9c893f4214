// The way in to a bare WebSocket: the handshake, the origin, the gate, the 101.
#pragma once

#include "http/exchange.hpp"
#include "serve/application.hpp"

namespace naru::serve {

class HttpConnection;

void serve_websocket(HttpConnection& connection, http::Exchange& exchange, Door door);

}  // namespace naru::serve
