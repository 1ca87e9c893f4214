// Snippets of docs/GUIDE.md: rooms, namespaces, what can be done to many sockets.
#include <string>
#include <vector>

#include "guide.hpp"
#include "naru/naru.hpp"

void rooms(naru::Namespace& io) {
  // [guide: rooms]
  io.on_connection([](naru::Socket& socket) {
    socket.join("room 237");
    socket.join(std::vector<std::string>{"a", "b"});
    socket.leave("a");
    for (const std::string& room : socket.rooms())
      note(room);  // its own id among them
  });
  io.on_disconnecting([](naru::Socket& socket, std::string_view) {
    for (const std::string& room : socket.rooms())
      socket.to(room).emit("left", socket.id());
  });
  // [guide end]
}

// [guide: utility]
naru::Task<> tidy_up(naru::Namespace& io) {
  io.in("room1").sockets_join("room2");
  io.in("room1").sockets_leave("room1");
  io.in("spam").disconnect_sockets(true);  // true: the whole connection, not this namespace alone
  std::vector<naru::RemoteSocket> sockets = co_await io.in("room2").fetch_sockets();
  for (naru::RemoteSocket& socket : sockets) {
    note(socket.id + " from " + std::string(socket.handshake.address()));
    socket.emit("hello");
  }
}
// [guide end]

void room_events(naru::Namespace& io) {
  // [guide: room_events]
  io.on_create_room([](std::string_view room) { note("new: " + std::string(room)); });
  io.on_delete_room([](std::string_view room) { note("gone: " + std::string(room)); });
  io.on_join_room([](std::string_view room, std::string_view id) {
    note(std::string(id) + " joined " + std::string(room));
  });
  // [guide end]
}

void several(naru::Namespace& io) {
  // [guide: namespaces]
  auto& admin = io.of("/admin");
  admin.use([](naru::Socket& socket) -> naru::Verdict {
    return socket.handshake().cookie("admin") ? naru::Verdict::allowed() : naru::refuse("not for you");
  });
  admin.on("announce", [&io](std::string text) { io.emit("announcement", text); });
  // [guide end]
}

void dynamic(naru::Namespace& io) {
  // [guide: dynamic]
  auto& workspaces = io.of(naru::Pattern("^/workspace-\\d+$"));  // anchored: it need only occur in the name
  workspaces.on_connection([](naru::Socket& socket) { socket.nsp().emit("somebody came", socket.id()); });
  workspaces.emit("closing soon");  // to all of its children

  io.of([](std::string_view name, const naru::Value& auth) -> naru::Verdict {
    const bool knows = auth.get<std::string>("key") == "sesame";
    return name.starts_with("/private/") && knows ? naru::Verdict::allowed() : naru::refuse("no");
  });
  io.on_new_namespace([](naru::Namespace& made) { note("new: " + std::string(made.name())); });
  // [guide end]
}
