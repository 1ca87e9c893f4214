#include "serve/admission.hpp"

#include <algorithm>
#include <utility>

namespace naru::serve {

std::string_view reason_of(AdmissionEnd why) noexcept {
  return why == AdmissionEnd::expired ? "your time here is over" : "disconnected by the server";
}

// Whoever is told may end others of the list: they leave it by themselves.
void Admissions::end_all(const std::string& identity) {
  const auto found = by_identity_.find(identity);
  if (found == by_identity_.end()) return;
  List ending;
  ending.take_all(found->second);
  by_identity_.erase(found);
  while (Admission* admission = ending.pop_front())
    admission->end(AdmissionEnd::disconnected);
}

Admission::Admission(Admissions& all, const Verdict& verdict, Function<void(AdmissionEnd)> on_end)
    : all_(all),
      identity_(verdict.identity()),
      on_end_(std::move(on_end)),
      expires_(verdict.expires().value_or(Verdict::Time::max())) {
  if (!identity_.empty()) all_.by_identity_[identity_].push_back(*this);
  if (verdict.expires()) wait();
}

Admission::~Admission() {
  unlink();
  const auto found = all_.by_identity_.find(identity_);
  if (found != all_.by_identity_.end() && found->second.empty()) all_.by_identity_.erase(found);
}

// The wheel's clock never jumps and the world's does: looked at again now and then.
void Admission::wait() {
  constexpr base::Duration kLookAgain = std::chrono::minutes(1);
  const auto left = expires_ - std::min(all_.clock_.wall(), expires_);
  const bool is_near = left < kLookAgain;
  all_.timers_.schedule(
      timer_, all_.clock_.now() + (is_near ? std::chrono::duration_cast<base::Duration>(left) : kLookAgain));
}

void Admission::tick() {
  if (all_.clock_.wall() < expires_) return wait();
  end(AdmissionEnd::expired);
}

// It may not live any more when its owner has been told.
void Admission::end(AdmissionEnd why) {
  const Function<void(AdmissionEnd)> on_end = std::move(on_end_);
  if (on_end) on_end(why);
}

}  // namespace naru::serve
