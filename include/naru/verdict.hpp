// What a gate answers: may this client in, as whom, until when; or why not.
//
//   io.use([](naru::Socket& s) -> naru::Verdict {
//     auto user = check(s.handshake().auth.get<std::string>("token"));
//     return user ? naru::allow.as("user:" + user->id).until(user->expires) : naru::refuse("who are you?");
//   });
//
// A Verdict is a value. A Decision is a verdict to be given later, once, from any thread, by its one owner.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/function.hpp"
#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

class Verdict {
 public:
  using Time = std::chrono::system_clock::time_point;

  static Verdict allowed() { return Verdict(true, {}); }
  static Verdict refused(std::string sentence, std::optional<RawJson> data = {}) {
    Verdict verdict(false, std::move(sentence));
    verdict.data_ = std::move(data);
    return verdict;
  }

  // Who it is: Socket::identity().
  Verdict as(std::string identity) && { return identity_ = std::move(identity), std::move(*this); }
  // When this ends: the connection is closed then.
  Verdict until(Time time) && { return expires_ = time, std::move(*this); }

  bool is_allowed() const noexcept { return allowed_; }
  const std::string& sentence() const noexcept { return sentence_; }        // of a refusal
  const std::optional<RawJson>& data() const noexcept { return data_; }     // of a refusal
  const std::string& identity() const noexcept { return identity_; }        // empty: nobody in particular
  const std::optional<Time>& expires() const noexcept { return expires_; }  // none: never

 private:
  Verdict(bool allowed, std::string sentence) : allowed_(allowed), sentence_(std::move(sentence)) {}

  bool allowed_;
  std::string sentence_;
  std::string identity_;
  std::optional<Time> expires_;
  std::optional<RawJson> data_;
};

struct Allow {
  operator Verdict() const { return Verdict::allowed(); }  // NOLINT: `return naru::allow;`
  Verdict as(std::string identity) const { return Verdict::allowed().as(std::move(identity)); }
  Verdict until(Verdict::Time time) const { return Verdict::allowed().until(time); }
};
inline constexpr Allow allow{};

// The client gets the sentence, as message of its connect_error.
inline Verdict refuse(std::string sentence) {
  return Verdict::refused(std::move(sentence));
}
// And `data` beside it, as JSON; binary parts cannot go with a refusal and become null.
template <class T>
Verdict refuse(std::string sentence, const T& data) {
  RawJson json;
  ArgumentWriter writer(json.text, json.attachments);
  writer.value(data);
  if (json.attachments.empty()) return Verdict::refused(std::move(sentence), std::move(json));
  RawJson plain;
  ArgumentWriter again(plain.text, plain.attachments);
  again.raw({json.text, {}});
  return Verdict::refused(std::move(sentence), std::move(plain));
}

class Decision {
 public:
  explicit Decision(Function<void(Verdict)> answer) : answer_(std::move(answer)) {}
  Decision(Decision&& other) noexcept : answer_(std::move(other.answer_)) {}
  Decision& operator=(Decision&& other) noexcept {
    Decision dropped(std::move(answer_));
    answer_ = std::move(other.answer_);
    return *this;
  }
  // A dropped Decision refuses: nobody gets in because somebody forgot to answer.
  ~Decision() {
    if (answer_) (*this)(refuse("no decision was made"));
  }

  // The first call counts, later ones are ignored.
  void operator()(Verdict verdict) {
    Function<void(Verdict)> answer = std::move(answer_);
    if (answer) answer(std::move(verdict));
  }

 private:
  Function<void(Verdict)> answer_;
};

}  // namespace v0
}  // namespace naru
