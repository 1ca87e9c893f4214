// A room as it is kept and as it is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chat/message.hpp"
#include "naru/codec.hpp"

namespace chat {

// What survives a restart.
struct RoomRecord {
  std::string id;
  std::string title;
  std::string owner;  // a person's id
  int capacity = 0;
  std::string password_hash = {};  // empty: open to all
  std::int64_t created = 0;

  bool is_locked() const { return !password_hash.empty(); }
};

// The Room of docs/protocol/chat.md.
struct RoomInfo {
  RoomRecord record;
  std::size_t people = 0;
  std::optional<LastLine> last = {};
};

}  // namespace chat

template <>
struct naru::Codec<chat::RoomRecord> {
  static void encode(ArgumentWriter& out, const chat::RoomRecord& room) {
    out.begin_object();
    out.member("id", room.id);
    out.member("title", room.title);
    out.member("owner", room.owner);
    out.member("capacity", room.capacity);
    out.member("password", room.password_hash);
    out.member("created", room.created);
    out.end_object();
  }
  static bool decode(const Argument& in, chat::RoomRecord& room) {
    return in.member("id", room.id) && in.member("title", room.title) && in.member("owner", room.owner) &&
           in.member("capacity", room.capacity) && in.member("password", room.password_hash) &&
           in.member("created", room.created);
  }
};

template <>
struct naru::Codec<chat::RoomInfo> {
  static void encode(ArgumentWriter& out, const chat::RoomInfo& room) {
    out.begin_object();
    out.member("id", room.record.id);
    out.member("title", room.record.title);
    out.member("owner", room.record.owner);
    out.member("capacity", room.record.capacity);
    out.member("people", room.people);
    out.member("locked", room.record.is_locked());
    out.member("created", room.record.created);
    out.member("last", room.last);
    out.end_object();
  }
};
