// Who may come in: a gate of the namespace, a signed cookie that HTTP and sockets share, an /admin for a few.
//   await fetch("http://localhost:8005/login?name=Mina");          // sets the cookie
//   io("http://localhost:8005");                                   // is Mina now
//   io("http://localhost:8005/admin", { auth: { key: "…" } });
#include <cstdlib>
#include <iostream>
#include <string>

#include "naru/naru.hpp"

struct User {
  std::string name;
};

int main() {
  const char* key = std::getenv("ADMIN_KEY");
  const char* secret = std::getenv("COOKIE_SECRET");
  if (key == nullptr || secret == nullptr) {
    std::cerr << "set ADMIN_KEY, and COOKIE_SECRET to 16 characters or more\n";
    return 1;
  }
  const naru::CookieSigner signer({secret});
  naru::Server server;
  server.get("/login", [&](naru::Request request, naru::Response response) {
    const std::string name = request.query("name").value_or("");
    if (name.empty() || name.size() > 40) return response.status(400).end("name, please");
    naru::CookieOptions cookie;
    cookie.secure = request.secure();
    response.cookie("user", signer.sign(name), cookie).end("hello " + name);
  });

  auto& io = server.io();
  io.use([&](naru::Socket& socket) -> naru::Verdict {
    const auto name = signer.verify(socket.handshake().cookie("user").value_or(""));
    if (!name) return naru::refuse("log in first");
    socket.data<User>().name = *name;
    return naru::allow.as("user:" + *name);
  });
  io.on("say",
        [&io](naru::Socket& socket, std::string text) { io.emit("said", socket.data<User>().name, text); });

  auto& admin = io.of("/admin");
  admin.use([wanted = std::string(key)](naru::Socket& socket) -> naru::Verdict {
    if (socket.handshake().auth.get<std::string>("key") == wanted) return naru::allow;
    return naru::refuse("not for you", std::map<std::string, int>{{"code", 403}});
  });
  admin.on("announce", [&io](naru::Socket&, std::string text) { io.emit("announcement", text); });
  server.listen({.port = 8005});
  server.run();
}
