// What stands behind naru::Socket. Handles share it; the connection behind it comes and goes.
//
// `id`, `nsp`, `handshake` never change: any thread. `state` is written by the home loop and read by all. The
// rest is for the home loop only.
#pragma once

#include <any>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/adapter.hpp"
#include "app/handlers.hpp"
#include "app/held_events.hpp"
#include "app/namespace_core.hpp"
#include "app/recovery.hpp"
#include "naru/completion.hpp"
#include "naru/handshake.hpp"
#include "naru/socket.hpp"
#include "net/timer_wheel.hpp"
#include "socketio/ack_table.hpp"

namespace naru::app {

class Client;

enum class SocketState : std::uint8_t {
  entering,  // the gates have not decided yet
  connected,
  gone,
};

// What is said at the end, of the few of whom there is something to say.
struct Parting {
  std::string description;  // more about why it went
  std::string last_words;   // why it went, while on_disconnect waits for a suspended handler
};

// Acknowledgements that the client owes us, made when the first is asked for.
struct OwedAcks {
  OwedAcks(std::size_t limit, Function<void()> on_due) : table(limit), timer(std::move(on_due)) {}
  socketio::AckTable table;
  net::FunctionTimer timer;
};

struct SocketRecord final : adapter::Member {
  SocketRecord(std::string socket_id, std::shared_ptr<NamespaceCore> space, Handshake shake,
               Client& connection, hub::LoopIndex home)
      : Member(home),
        client(&connection),
        name(std::move(socket_id)),
        nsp(std::move(space)),
        handshake(std::move(shake)) {}

  const std::string& id() const override { return name; }
  void deliver(const hub::SharedParcel& parcel) override;
  void disconnect(bool close_connection) override;
  void abandon() override;

  std::shared_ptr<SocketRecord> self() { return std::static_pointer_cast<SocketRecord>(shared_from_this()); }
  bool is_here() const { return nsp->loops()->is_here(home()); }

  // On the home loop.
  SendStatus send(const hub::Parcel& parcel);
  // From any thread: at once on the home loop, else by post.
  SendStatus send_from_anywhere(hub::SharedParcel parcel);
  // What another thread has sent, now that it is here.
  void send_posted(const hub::Parcel& parcel);
  // Whether somebody listens for on_drain.
  bool wants_drain() const;
  // Asks for an answer to the event `id`, which is on its way.
  void expect_ack(std::uint64_t ack_id, std::chrono::milliseconds timeout,
                  Function<void(Result<Args>)> reply);

  void join_on_entry(std::vector<std::string> rooms);
  // A verdict says who it is.
  void identify(const std::string& who);
  void forget_identity();
  // What there is to say at its end, made when first asked for.
  Parting& farewell() {
    if (!parting) parting = std::make_unique<Parting>();
    return *parting;
  }
  // Ends the whole connection, also while gates decide. On the home loop.
  void end_connection();
  // A gate's Verdict::until(): the connection is closed then.
  void expire_at(std::chrono::system_clock::time_point time);

  // What a delivery looks at stands together, in front: a fan-out touches every record once.
  Client* client;  // null once gone
  std::atomic<SocketState> state{SocketState::entering};
  SendStatus last_send = SendStatus::dropped;  // of deliver()
  bool owes_drain = false;                     // a send has said `buffered`: dispatch_drain() is to come
  bool is_telling_outgoing = false;            // what its listeners emit to it is not told to them again
  bool is_ending = false;
  bool is_recovered = false;             // never changes once connected
  std::atomic<bool> leave_asked{false};  // by other threads: disconnect(), and disconnect(true)
  std::atomic<bool> close_asked{false};
  std::atomic<bool> may_return{false};  // gone, and may come back: events to it are kept

  const std::string name;
  const std::shared_ptr<NamespaceCore> nsp;
  const Handshake handshake;
  std::string identity;                     // what a gate has said; never changes once connected
  std::vector<std::string> rooms_on_entry;  // what gates have joined it to: it is in them once it is let in
  std::any data;
  std::unique_ptr<RecoveryState> recovery;  // only in a namespace with recovery
  std::unique_ptr<HandlerTable> own;        // handlers of this socket alone
  std::unique_ptr<OwedAcks> owed;
  std::unique_ptr<HeldEvents> held;            // while a handler is suspended
  std::unique_ptr<Parting> parting;            // made by farewell()
  std::unique_ptr<net::FunctionTimer> expiry;  // a minute at a time
  std::chrono::system_clock::time_point expires{};
  std::shared_ptr<CancelScope> scope;  // ends its handlers' waits

 private:
  void tick_acks();
  void tick_expiry();
};

}  // namespace naru::app
