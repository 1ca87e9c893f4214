// Why something was not done: the Failure of docs/protocol/chat.md, as answer to an event or a request.
//
//   if (!title) return ack(chat::bad_request("title: 1 to 60 characters"));
//   response.status(404).json(chat::Failure{"no_room", "there is no such room"});
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "naru/codec.hpp"
#include "naru/verdict.hpp"

namespace chat {

struct Failure {
  std::string code;
  std::string sentence;                                       // English, for developers
  std::optional<std::chrono::milliseconds> retry_after = {};  // with slow_down only
};

inline Failure bad_request(std::string sentence) {
  return {"bad_request", std::move(sentence)};
}
inline Failure slow_down(std::chrono::milliseconds wait) {
  return {"slow_down", "too much in too short a time", wait};
}
inline Failure try_again() {
  return {"try_again", "it could not be stored; nothing has changed"};
}
inline Failure no_session() {
  return {"no_session", "the cookie is missing or not valid: ask for /api/me first"};
}
inline Failure no_room() {
  return {"no_room", "there is no such room"};
}
inline Failure not_owner() {
  return {"not_owner", "only the room's owner may do that"};
}

}  // namespace chat

template <>
struct naru::Codec<chat::Failure> {
  static void encode(ArgumentWriter& out, const chat::Failure& failure) {
    out.begin_object();
    out.member("error", failure.code);
    out.member("message", failure.sentence);
    if (failure.retry_after) out.member("retry_after", failure.retry_after->count());
    out.end_object();
  }
};

namespace chat {

// As the answer to a CONNECT: the code is the message, the whole Failure the data.
inline naru::Verdict refused(const Failure& failure) {
  return naru::refuse(failure.code, failure);
}

}  // namespace chat
