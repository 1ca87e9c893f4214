// The gate of the admin namespace: a session id from an earlier login, or user and password.
//
//   space.use([login](Socket& socket) { return login->decide(socket); });
//
// Guessing is slow: each address has so many tries a minute, and at most kMaxPending passwords are looked at
// at a time, on the server's workers.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "admin/sessions.hpp"
#include "auth/token_bucket.hpp"
#include "naru/instrument.hpp"
#include "naru/socket.hpp"
#include "naru/task.hpp"
#include "naru/verdict.hpp"

namespace naru::admin {

// What the admin namespace keeps for each administrator.
struct Administrator {
  std::string new_session = {};  // to be told once it is let in
};

class Login : public std::enable_shared_from_this<Login> {
 public:
  // From however many addresses: so that other work of the workers goes on.
  static constexpr unsigned kMaxPending = 8;

  // Throws std::logic_error when the password is no bcrypt hash.
  Login(BasicAuth auth, const InstrumentOptions& limits);

  Task<Verdict> decide(Socket& socket);

 private:
  struct Attempt;

  bool may_try(std::string_view address);

  const BasicAuth auth_;
  const bool is_limited_;
  Sessions sessions_;
  std::mutex mutex_;
  auth::TokenBuckets tries_;  // by address; guarded by mutex_
  std::atomic<unsigned> pending_{0};
};

}  // namespace naru::admin
