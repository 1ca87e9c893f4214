// Who somebody is to others. Two tabs of one browser are one Person with two Presences.
#pragma once

#include <string>

#include "naru/codec.hpp"

namespace chat {

struct Person {
  std::string id;  // derived from the session, shown to all
  std::string nickname;
  int color = 0;  // a hue, 0 to 359

  friend bool operator==(const Person&, const Person&) = default;
};

struct Presence {
  std::string socket;
  Person person;

  friend bool operator==(const Presence&, const Presence&) = default;
};

}  // namespace chat

template <>
struct naru::Codec<chat::Person> {
  static void write_members(ArgumentWriter& out, const chat::Person& person) {
    out.member("id", person.id);
    out.member("nickname", person.nickname);
    out.member("color", person.color);
  }
  static void encode(ArgumentWriter& out, const chat::Person& person) {
    out.begin_object();
    write_members(out, person);
    out.end_object();
  }
};

template <>
struct naru::Codec<chat::Presence> {
  static void encode(ArgumentWriter& out, const chat::Presence& presence) {
    out.begin_object();
    out.member("socket", presence.socket);
    Codec<chat::Person>::write_members(out, presence.person);
    out.end_object();
  }
};
