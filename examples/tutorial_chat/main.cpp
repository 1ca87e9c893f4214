// The chat of Socket.IO's tutorial, with its page as it is: lines are kept on the disk, and everybody gets
// each of them once and in one order, whatever breaks meanwhile. build/release/examples/tutorial_chat 3000
// FOLDER
#include <algorithm>
#include <future>
#include <mutex>
#include <string>

#include "naru/naru.hpp"

// What a socket has heard last; it comes back with one that is recovered.
template <>
inline constexpr bool naru::keep_on_recovery<std::string> = true;

class Chat {
 public:
  Chat(naru::Namespace& io, naru::Channel lines) : io_(io), lines_(std::move(lines)) {
    std::promise<naru::Result<naru::HistoryPage>> reading;  // what was said before this program was started
    lines_.history({.limit = 1}, [&](naru::Result<naru::HistoryPage> page) { reading.set_value(page); });
    const naru::Result<naru::HistoryPage> page = reading.get_future().get();
    if (!page) throw std::system_error(page.error().code(), "the lines cannot be read");
    if (!page->messages.empty()) newest_ = page->position.text();
  }

  // Stored first. The client's offset is the key: a line that it sends again is the same line. Who is not
  // answered tries again, that is the client's `retries`.
  void say(const std::string& text, const std::string& client_offset, naru::Ack ack) {
    auto tell = [this, text, ack = std::move(ack)](naru::Result<naru::Published> stored) mutable {
      if (!stored) return;
      if (!stored->repeated) announce(text, stored->position.text());
      ack();
    };
    lines_.publish(text, {.idempotency_key = client_offset}, std::move(tell));
  }

  // What the client has missed, from the log; once it has the newest line of the room, it goes into the room.
  naru::Task<> catch_up(naru::Socket& socket) {
    if (std::ranges::count(socket.rooms(), "chat") > 0) co_return;  // recovered, with all that it has missed
    std::string& heard = socket.data<std::string>();
    if (!socket.recovered()) heard = socket.handshake().auth.get<std::string>("serverOffset").value_or("");
    for (int looked = 0; !enter(socket, heard); ++looked) {
      auto reading = lines_.history({.since = naru::Position(heard)});
      const naru::Result<naru::HistoryPage> page = co_await std::move(reading);
      // A line is in the log a moment before it is announced; whoever has it already looks again.
      if (!page || looked == kPatience) co_return socket.disconnect(true);
      for (const naru::ChannelMessage& line : page->messages) {
        heard = line.position.text();
        socket.emit("chat message", line.data, heard);
        if (enter(socket, heard)) co_return;
      }
    }
  }

 private:
  static constexpr int kPatience = 1000;  // pages, or looks at the same end of the log

  // Stored lines are told one after the other, in their order.
  void announce(const std::string& text, const std::string& position) {
    std::lock_guard lock(mutex_);
    newest_ = position;
    io_.to("chat").emit("chat message", text, position);
  }
  bool enter(naru::Socket& socket, const std::string& position) {
    std::lock_guard lock(mutex_);
    if (position == newest_) socket.join("chat");
    return position == newest_;
  }
  naru::Namespace& io_;
  naru::Channel lines_;
  std::mutex mutex_;
  std::string newest_;  // empty while there is no line; guarded by mutex_
};

int main(int argc, char** argv) {
  naru::Server server;
  server.channels("lines", {.durability = naru::Durability::power});
  server.data(argc > 2 ? argv[2] : "chat-data");
  auto& io = server.io({.recovery_window = std::chrono::minutes(2)});
  Chat chat(io, server.channel("lines"));
  io.on_connection([&chat](naru::Socket& socket) { return chat.catch_up(socket); });
  io.on("chat message", [&chat](std::string text, std::string client_offset, naru::Ack ack) {
    chat.say(text, client_offset, std::move(ack));
  });
  server.directory("/", "examples/tutorial_chat");
  server.listen({.port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 3000)});
  server.run();
}
