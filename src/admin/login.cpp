#include "admin/login.hpp"

#include <stdexcept>
#include <utility>

#include "auth/bcrypt.hpp"
#include "auth/constant_time.hpp"
#include "naru/log.hpp"
#include "naru/offload.hpp"
#include "serve/peer_log.hpp"

namespace naru::admin {
namespace {

Verdict refused(const Socket& socket, std::string sentence) {
  serve::log_peer(Level::warning, "admin",
                  std::string(socket.handshake().address()) + " is refused: " + sentence);
  return refuse(std::move(sentence));
}

auth::TokenRate rate_of(const InstrumentOptions& limits) {
  const double logins = limits.max_logins_per_minute;
  return {.per_second = logins / 60, .burst = logins};
}

}  // namespace

// A password that is being looked at.
struct Login::Attempt {
  explicit Attempt(std::atomic<unsigned>& count) : pending(count), is_one_too_many(++count > kMaxPending) {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() { --pending; }
  std::atomic<unsigned>& pending;
  const bool is_one_too_many;
};

Login::Login(BasicAuth auth, const InstrumentOptions& limits)
    : auth_(std::move(auth)),
      is_limited_(limits.max_logins_per_minute > 0),
      sessions_(limits.session_lifetime, limits.max_sessions),
      tries_(rate_of(limits)) {
  if (!auth::is_bcrypt(auth_.password)) {
    throw std::logic_error("InstrumentOptions::auth: the password must be a bcrypt hash of cost 4 to " +
                           std::to_string(auth::kMaxBcryptCost) + ", as `htpasswd -nbB` makes it");
  }
}

bool Login::may_try(std::string_view address) {
  if (!is_limited_) return true;
  std::lock_guard lock(mutex_);
  return tries_.take(address, base::system_clock().now());
}

Task<Verdict> Login::decide(Socket& socket) {
  const std::shared_ptr<Login> self = shared_from_this();
  const Value& given = socket.handshake().auth;
  const std::string session = given.get<std::string>("sessionId").value_or("");
  if (sessions_.knows(session, base::system_clock().now())) co_return Verdict::allowed();

  const auto username = given.get<std::string>("username");
  const auto password = given.get<std::string>("password");
  if (!username || !password) co_return refused(socket, "invalid credentials");
  const Attempt attempt(pending_);
  if (attempt.is_one_too_many || !may_try(socket.handshake().address()))
    co_return refused(socket, "too many logins, try again in a minute");

  // Also for another user: the time that it takes tells nothing.
  auto work = [&] { return auth::verify_bcrypt(*password, auth_.password); };
  const bool is_right = co_await offload(work);
  if (!is_right || !auth::equal_in_constant_time(*username, auth_.username))
    co_return refused(socket, "invalid credentials");
  log(Level::info, "admin", std::string(socket.handshake().address()) + " has logged in");
  socket.data<Administrator>().new_session = sessions_.open(base::system_clock().now());
  co_return Verdict::allowed();
}

}  // namespace naru::admin
