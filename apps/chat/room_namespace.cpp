#include "chat/room_namespace.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "chat/failure.hpp"
#include "chat/json_object.hpp"
#include "chat/room_entrance.hpp"
#include "chat/text.hpp"

namespace chat {
namespace {

Failure not_here() {
  return {"not_here", "nobody with that id is in this room"};
}

// `id` and `text` of a message or a whisper.
struct Words {
  std::string id;
  std::string text;
};

std::optional<Failure> read_words(const naru::Value& given, Words& words) {
  words.id = given.get<std::string>("id").value_or("");
  if (!is_message_id(words.id)) return bad_request("id: 8 to 64 of A-Z, a-z, 0-9, _ and -");
  auto text = given.get<std::string>("text");
  if (!text) return bad_request("text: a text");
  switch (clean_text(*text, kMaxText, words.text)) {
    case TextFault::none:
      return std::nullopt;
    case TextFault::empty:
      return bad_request("text: there is nothing in it");
    case TextFault::control:
      return bad_request("text: no control characters but newline and tab");
    case TextFault::too_long:
      return Failure{"too_long", "text: at most 2000 characters"};
  }
  return std::nullopt;
}

std::optional<Failure> read_query(const naru::Value& given, naru::HistoryQuery& query) {
  if (!given.is_object()) return bad_request("an object is wanted");
  for (const auto& [name, place] : {std::pair("before", &query.before), std::pair("after", &query.since)}) {
    const naru::Value position = given.find(name);
    if (position.is_null()) continue;
    if (!position.is_string()) return bad_request(std::string(name) + ": a position");
    *place = naru::Position(*position.get<std::string>());
  }
  if (query.before && query.since) return bad_request("before or after, not both");
  const naru::Value limit = given.find("limit");
  const auto wanted = limit.is_null() ? std::optional<std::int64_t>(kDefaultPage) : limit.get<std::int64_t>();
  if (!wanted || *wanted < 1) return bad_request("limit: a whole number from 1 to 100");
  query.limit = static_cast<std::size_t>(std::min<std::int64_t>(*wanted, kMaxPage));
  return std::nullopt;
}

naru::RawJson message_answer(const std::string& id, const naru::Position& position, std::int64_t time,
                             bool repeated) {
  return json_object([&](naru::ArgumentWriter& out) {
    out.member("ok", true);
    out.member("id", id);
    out.member("position", position.text());
    out.member("time", time);
    out.member("repeated", repeated);
  });
}

// A repeat is answered with the time of the first one, as long as that is not too far back.
naru::Task<> answer_repeat(std::shared_ptr<RoomLog> log, Message line, naru::Position position,
                           naru::Ack ack) {
  auto finding = log->find(line.from.id, line.id, kRepeatSearch);
  const std::optional<naru::RawJson> first = co_await std::move(finding);
  const auto stored = first ? naru::Value(*first) : naru::Value();
  ack(message_answer(line.id, position, stored.get<std::int64_t>("time").value_or(line.time), true));
}

class RoomNamespace {
 public:
  explicit RoomNamespace(std::shared_ptr<Service> service) : service_(std::move(service)) {}

  void greet(naru::Socket& socket);
  void leave(naru::Socket& socket);
  void say(naru::Socket& socket, const naru::Value& given, naru::Ack ack);
  naru::Task<> history(naru::Socket& socket, naru::Value given, naru::Ack ack);
  void whisper(naru::Socket& socket, const naru::Value& given, naru::Ack ack);
  void type(naru::Socket& socket, const naru::Value& given);
  void remove(naru::Socket& socket, const naru::Value& given, naru::Ack ack);

 private:
  std::shared_ptr<Service> service_;
};

void RoomNamespace::greet(naru::Socket& socket) {
  const Visit& visit = socket.data<Visit>();
  const std::optional<bool> is_new = service_->rooms.greet(visit.room, socket.id());
  if (!is_new) {
    socket.emit("gone", naru::RawJson{R"({"reason":"deleted"})"});
    return socket.disconnect();
  }
  if (*is_new)
    service_->talk.note(visit.room, system_line("join", service_->people.person_of(visit.session)));
}

void RoomNamespace::leave(naru::Socket& socket) {
  service_->rooms.leave(socket.data<Visit>().room, socket.id(), Service::now());
}

void RoomNamespace::say(naru::Socket& socket, const naru::Value& given, naru::Ack ack) {
  const Visit& visit = socket.data<Visit>();
  Words words;
  if (auto failure = read_words(given, words)) return void(ack(*failure));
  if (auto wait = service_->limits.take(Rate::messages, visit.session, Service::now())) {
    return void(ack(slow_down(*wait)));
  }
  const std::optional<Presence> who = service_->rooms.find(visit.room, socket.id());
  const std::shared_ptr<RoomLog> log = service_->logs.find(visit.room);
  if (!who || !log) return void(ack(not_here()));
  Message line = text_line(std::move(words.id), who->person, std::move(words.text));
  auto answer = [log, line, ack = std::move(ack)](naru::Result<Stored> stored) mutable {
    if (!stored) return void(ack(try_again()));
    if (!stored->repeated) return void(ack(message_answer(line.id, stored->position, line.time, false)));
    naru::start(answer_repeat(log, std::move(line), stored->position, std::move(ack)), {});
  };
  service_->talk.say(visit.room, line, std::move(answer));
}

// A task, so that one socket has one page at a time: what comes meanwhile is held back, then not read.
naru::Task<> RoomNamespace::history(naru::Socket& socket, naru::Value given, naru::Ack ack) {
  const Visit& visit = socket.data<Visit>();
  naru::HistoryQuery query;
  if (auto failure = read_query(given, query)) co_return void(ack(*failure));
  const std::shared_ptr<RoomLog> log = service_->logs.find(visit.room);
  if (!log || !service_->rooms.find(visit.room, socket.id())) co_return void(ack(not_here()));
  auto reading = log->page(query);
  const naru::Result<HistoryAnswer> page = co_await std::move(reading);
  page ? ack(*page) : ack(try_again());
}

void RoomNamespace::whisper(naru::Socket& socket, const naru::Value& given, naru::Ack ack) {
  const Visit& visit = socket.data<Visit>();
  Words words;
  if (auto failure = read_words(given, words)) return void(ack(*failure));
  if (auto wait = service_->limits.take(Rate::messages, visit.session, Service::now())) {
    return void(ack(slow_down(*wait)));
  }
  const auto from = service_->rooms.find(visit.room, socket.id());
  const auto to = service_->rooms.find(visit.room, given.get<std::string>("to").value_or(""));
  if (!from || !to) return void(ack(not_here()));
  const std::int64_t time = now_in_milliseconds();
  service_->room.to(to->socket).emit("whisper", json_object([&](naru::ArgumentWriter& out) {
                                       out.member("id", words.id);
                                       out.member("from", *from);
                                       out.member("text", words.text);
                                       out.member("time", time);
                                     }));
  ack(json_object([&](naru::ArgumentWriter& out) {
    out.member("ok", true);
    out.member("id", words.id);
    out.member("time", time);
  }));
}

void RoomNamespace::type(naru::Socket& socket, const naru::Value& given) {
  const Visit& visit = socket.data<Visit>();
  const auto on = given.get<bool>("on");
  if (!on || service_->limits.take(Rate::typing, visit.session, Service::now())) return;
  if (!service_->rooms.find(visit.room, socket.id())) return;
  socket.to(visit.room).volatile_().emit("typing", json_object([&](naru::ArgumentWriter& out) {
                                           out.member("socket", socket.id());
                                           out.member("on", *on);
                                         }));
}

void RoomNamespace::remove(naru::Socket& socket, const naru::Value& given, naru::Ack ack) {
  const Visit& visit = socket.data<Visit>();
  const auto person = given.get<std::string>("person");
  if (!person) return void(ack(bad_request("person: the id of a person")));
  Rooms::Removal removal = service_->rooms.remove_person(visit.room, visit.person, *person);
  if (removal.refusal) return void(ack(*removal.refusal));
  Message line = system_line("remove", service_->people.person_of(visit.session));
  line.who = std::move(removal.who);
  service_->talk.note(visit.room, line);
  ack(just_ok());
}

}  // namespace

void serve_rooms(const std::shared_ptr<Service>& service) {
  auto entrance = std::make_shared<RoomEntrance>(service);
  auto room = std::make_shared<RoomNamespace>(service);
  naru::Namespace& nsp = service->room;
  nsp.use([entrance](naru::Socket& socket) -> naru::Task<naru::Verdict> { return entrance->check(socket); });
  nsp.use([entrance](naru::Socket& socket) -> naru::Verdict { return entrance->take_place(socket); });
  nsp.on_connection([room](naru::Socket& socket) { room->greet(socket); });
  nsp.on_disconnect([room](naru::Socket& socket, std::string_view) { room->leave(socket); });
  nsp.on("message", [room](naru::Socket& socket, naru::Value given, naru::Ack ack) {
    room->say(socket, given, std::move(ack));
  });
  nsp.on("history", [room](naru::Socket& socket, naru::Value given, naru::Ack ack) -> naru::Task<> {
    return room->history(socket, std::move(given), std::move(ack));
  });
  nsp.on("whisper", [room](naru::Socket& socket, naru::Value given, naru::Ack ack) {
    room->whisper(socket, given, std::move(ack));
  });
  nsp.on("typing", [room](naru::Socket& socket, naru::Value given) { room->type(socket, given); });
  nsp.on("remove", [room](naru::Socket& socket, naru::Value given, naru::Ack ack) {
    room->remove(socket, given, std::move(ack));
  });
}

}  // namespace chat
