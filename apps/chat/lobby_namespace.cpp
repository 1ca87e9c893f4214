#include "chat/lobby_namespace.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "chat/failure.hpp"
#include "chat/json_object.hpp"
#include "chat/text.hpp"
#include "naru/log.hpp"
#include "naru/offload.hpp"

namespace chat {
namespace {

// Whose socket it is.
struct Visitor {
  std::string session;
};

// What somebody wants to make, as far as it is allowed.
struct Wish {
  std::string title;
  int capacity = kDefaultCapacity;
  std::string password = {};
};

std::optional<Failure> read_wish(const naru::Value& given, Wish& wish) {
  auto title = clean_line(given.get<std::string>("title").value_or(""), kMaxTitle);
  if (!title) return bad_request("title: 1 to 60 characters, no control characters");
  wish.title = std::move(*title);
  const naru::Value capacity = given.find("capacity");
  wish.capacity = capacity.is_null() ? kDefaultCapacity : capacity.get<int>().value_or(0);
  if (wish.capacity < kMinCapacity || wish.capacity > kMaxCapacity) {
    return bad_request("capacity: a whole number from 2 to 500");
  }
  const naru::Value password = given.find("password");
  if (password.is_null()) return std::nullopt;
  wish.password = password.get<std::string>().value_or("");
  if (wish.password.empty() || wish.password.size() > kMaxPassword)
    return bad_request("password: 1 to 72 bytes of text");
  return std::nullopt;
}

class Lobby {
 public:
  explicit Lobby(std::shared_ptr<Service> service) : service_(std::move(service)) {}

  naru::Verdict admit(naru::Socket& socket) {
    auto session = service_->identities.session_of(socket.handshake().cookie(kCookie));
    if (!session) return refused(no_session());
    socket.data<Visitor>().session = std::move(*session);
    return naru::allow;
  }

  void greet(naru::Socket& socket) { service_->rooms.enter_lobby(socket.id(), person_of(socket)); }

  naru::Task<> create(naru::Socket& socket, naru::Value given, naru::Ack ack);
  naru::Task<> remove(naru::Socket& socket, naru::Value given, naru::Ack ack);

 private:
  std::string person_of(naru::Socket& socket) const {
    return service_->identities.person_id(socket.data<Visitor>().session);
  }
  // The record is on the disk before anybody is told.
  naru::Task<std::optional<RoomInfo>> store(std::string owner, Wish wish);

  std::shared_ptr<Service> service_;
};

naru::Task<> Lobby::create(naru::Socket& socket, naru::Value given, naru::Ack ack) {
  const std::string session = socket.data<Visitor>().session;
  Wish wish;
  if (auto failure = read_wish(given, wish)) co_return void(ack(*failure));
  if (auto wait = service_->limits.take(Rate::rooms, session, Service::now()))
    co_return void(ack(slow_down(*wait)));
  const Person owner = service_->people.person_of(session);
  if (auto failure = service_->rooms.plan(owner.id)) co_return void(ack(*failure));
  auto storing = store(owner.id, std::move(wish));
  const std::optional<RoomInfo> room = co_await std::move(storing);
  if (!room) {
    service_->rooms.give_up(owner.id);
    co_return void(ack(try_again()));
  }
  service_->talk.note(room->record.id, system_line("create", owner));
  ack(json_object([&](naru::ArgumentWriter& out) {
    out.member("ok", true);
    out.member("room", *room);
  }));
}

naru::Task<std::optional<RoomInfo>> Lobby::store(std::string owner, Wish wish) {
  RoomRecord record{"r" + naru::random_id(), std::move(wish.title), std::move(owner), wish.capacity};
  record.created = now_in_milliseconds();
  try {
    if (!wish.password.empty()) {
      auto work = [&wish] { return naru::hash_password(wish.password); };
      auto hashing = naru::offload(work);
      record.password_hash = co_await std::move(hashing);
    }
  } catch (const std::exception& failure) {
    naru::log(naru::Level::warning, "chat", std::string("a password could not be hashed: ") + failure.what());
    co_return std::nullopt;
  }
  auto archiving = service_->archive.add(record);
  const bool is_stored = co_await std::move(archiving);
  if (!is_stored) co_return std::nullopt;
  service_->logs.open(record.id);
  co_return service_->rooms.create(std::move(record));
}

naru::Task<> Lobby::remove(naru::Socket& socket, naru::Value given, naru::Ack ack) {
  const std::string room = given.get<std::string>("room").value_or("");
  if (auto failure = service_->rooms.check_owner(room, person_of(socket))) co_return void(ack(*failure));
  auto archiving = service_->archive.remove(room);
  const bool is_stored = co_await std::move(archiving);
  if (!is_stored) co_return void(ack(try_again()));
  service_->rooms.remove(room);
  auto deleting = service_->delete_traces(room);
  co_await std::move(deleting);
  ack(just_ok());
}

}  // namespace

void serve_lobby(const std::shared_ptr<Service>& service) {
  auto lobby = std::make_shared<Lobby>(service);
  naru::Namespace& nsp = service->lobby;
  nsp.use([lobby](naru::Socket& socket) -> naru::Verdict { return lobby->admit(socket); });
  nsp.on_connection([lobby](naru::Socket& socket) { lobby->greet(socket); });
  nsp.on("create_room", [lobby](naru::Socket& socket, naru::Value given, naru::Ack ack) -> naru::Task<> {
    return lobby->create(socket, std::move(given), std::move(ack));
  });
  nsp.on("delete_room", [lobby](naru::Socket& socket, naru::Value given, naru::Ack ack) -> naru::Task<> {
    return lobby->remove(socket, std::move(given), std::move(ack));
  });
}

}  // namespace chat
