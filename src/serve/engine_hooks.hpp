// What an engine's users have a say in: who may pass, under which id, and what answers carry. The engine's
// door asks; implemented by the room `app`.
//
// Everything is called on the loop that has the request. Answers may come at once, later, from any thread, or
// never: a dropped Decision refuses, a dropped IdAnswer has no id.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/fields.hpp"
#include "http/request_head.hpp"
#include "naru/completion.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "naru/verdict.hpp"

namespace naru::serve {

// The first request of a connection, kept as long as somebody refers to it. Immutable but for what the gate
// says of it, before anybody else sees it.
struct HandshakeRequest {
  http::RequestHead head;
  std::string address;  // of the client; behind a trusted proxy the one that it names
  bool secure = false;
  std::chrono::system_clock::time_point issued;
  std::string identity = {};  // who it is, as the gate says
  std::optional<Verdict::Time> expires = {};
  std::vector<std::pair<std::string, std::string>> params = {};  // named parts of the path, decoded
};
using SharedHandshake = std::shared_ptr<const HandshakeRequest>;

// One request as gates and hooks see it.
struct EngineRequestRecord {
  SharedHandshake request;
  std::string sid = {};
  bool is_upgrade = false;
  http::FieldList answer = {};  // what its answer carries besides
};
using SharedEngineRequest = std::shared_ptr<EngineRequestRecord>;

struct EngineFailure {
  int code = 0;
  std::string_view message{};
  std::vector<std::pair<std::string, std::string>> context{};
};

class EngineHooks {
 public:
  // What there is anybody for; the door leaves out the rest. Fixed before the server runs.
  struct Wanted {
    bool middleware = false;
    bool gate = false;
    bool ids = false;
    bool headers = false;
    bool failures = false;
  };
  using Scope = std::shared_ptr<CancelScope>;  // cancelled when nobody waits for the answer any more
  using IdAnswer = Function<void(Result<std::string>)>;

  virtual ~EngineHooks() = default;
  const Wanted& wanted() const noexcept { return wanted_; }

  virtual void pass(const SharedEngineRequest& request, const Scope& scope, Decision decide) = 0;
  virtual void decide(const SharedHandshake& request, const Scope& scope, Decision decide) = 0;
  virtual void make_id(const SharedHandshake& request, const Scope& scope, IdAnswer answer) = 0;
  // May change request->answer, which are the fields of a good answer.
  virtual void write_headers(const SharedEngineRequest& request) = 0;
  virtual void tell_failure(const SharedEngineRequest& request, const EngineFailure& failure) = 0;

 protected:
  Wanted wanted_;
};

}  // namespace naru::serve
