// What a gate's verdict says of a connection beyond yes: who it is, and until when. Its owner is told when
// that is over, once.
//
//   admission_.emplace(server.admissions(), verdict, [this](AdmissionEnd why) { end(reason_of(why)); });
//   server.admissions().end_all("user:42");      // on each loop: Server::disconnect_identity()
//
// Belongs to one loop. An Admission may be destroyed at any time, also by what it tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/intrusive_list.hpp"
#include "naru/function.hpp"
#include "naru/verdict.hpp"
#include "net/timer_wheel.hpp"

namespace naru::serve {

class Admission;

enum class AdmissionEnd : std::uint8_t {
  expired,       // Verdict::until() has come
  disconnected,  // somebody has ended all connections of this identity
};

// For the peer.
std::string_view reason_of(AdmissionEnd why) noexcept;

// Those of one loop. Outlives them.
class Admissions {
 public:
  Admissions(net::TimerWheel& timers, const base::Clock& clock) noexcept : timers_(timers), clock_(clock) {}
  Admissions(const Admissions&) = delete;
  Admissions& operator=(const Admissions&) = delete;

  // Nobody is told who comes meanwhile.
  void end_all(const std::string& identity);

 private:
  friend class Admission;
  using List = base::IntrusiveList<Admission, Admissions>;

  net::TimerWheel& timers_;
  const base::Clock& clock_;
  std::unordered_map<std::string, List> by_identity_;  // no list is empty
};

class Admission : public base::ListHook<Admissions> {
 public:
  // A verdict without name and time is told of nothing.
  Admission(Admissions& all, const Verdict& verdict, Function<void(AdmissionEnd)> on_end);
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  const std::string& identity() const noexcept { return identity_; }  // empty: nobody in particular

 private:
  friend class Admissions;
  void wait();
  void tick();
  void end(AdmissionEnd why);

  Admissions& all_;
  const std::string identity_;
  Function<void(AdmissionEnd)> on_end_;
  std::chrono::system_clock::time_point expires_;
  net::MemberTimer<Admission, &Admission::tick> timer_{*this};
};

}  // namespace naru::serve
