// The transport lab as a part of any naru server, on the public API only: a page at /lab/ that follows one
// channel by every transport at once and measures them, and the feed that it needs at /lab/channels/:channel.
//
//   naru::Server server;
//   server.io();           // for the Socket.IO lane; without it the page shows the others
//   lab::add_lab(server);
//   server.listen({.port = 8005});
//
// Whoever reaches the page may publish to the channels "lab:…", which are kept in memory for two minutes and
// are nobody's but the page's that has made up their name. Before Server::run().
#pragma once

#include "naru/server.hpp"

namespace lab {

void add_lab(naru::Server& server);

}  // namespace lab
