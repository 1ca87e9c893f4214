// Compression of WebSocket messages: permessage-deflate (RFC 7692), an agreement that the client has to
// offer.
//
//   server.io({.per_message_deflate = {.enabled = true}});
//   server.ws("/feed", {.compression = {.enabled = true, .threshold = 512}});
//
// As it stands by default nothing is kept between messages in either direction: all connections of a loop
// share one window, a broadcast is compressed once, and an idle connection costs nothing more than one
// without.
#pragma once

#include <chrono>
#include <cstddef>

namespace naru {
inline namespace v0 {

struct CompressionOptions {
  // Off: offers are declined. It costs far more processor time than it saves unless the network is the
  // bottleneck.
  bool enabled = false;
  // Bytes of payload from which on a message is compressed: small ones hardly shrink. As the reference has
  // it.
  std::size_t threshold = 1024;
  // zlib's, 1 to 9. On JSON level 6 makes frames about a tenth smaller and takes several times as long.
  int level = 1;
  // How far back our messages may refer, as a power of two: 8 to 15. 15 is 32 KiB.
  int server_max_window_bits = 15;
  // The same for the client's messages; it counts only with clients that let the server choose.
  int client_max_window_bits = 15;
  // True: each of our messages is compressed by itself. False: a message may refer to those before it, which
  // makes small similar ones much smaller, but each connection has a compressor of its own (up to 270 KB
  // while it is in use) and a broadcast is compressed once for each receiver.
  bool server_no_context_takeover = true;
  // The same for the client's messages. False: up to 32 KiB of what the client has sent are kept for each
  // connection.
  bool client_no_context_takeover = true;
  // How long a connection's own compressor may stay unused before it is freed; its next message begins anew.
  std::chrono::milliseconds window_idle{10'000};
};

}  // namespace v0
}  // namespace naru
