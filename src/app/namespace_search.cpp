#include "app/namespace_search.hpp"

#include <utility>

#include "app/client.hpp"
#include "app/user_code.hpp"

namespace naru::app {

NamespaceSearch::NamespaceSearch(Client& client, IoCore& io, std::string_view name, Value auth)
    : client_(&client),
      loops_(io.loops()),
      home_(hub::LoopGroup::current_loop()),
      parents_(io.parents()),
      name_(name),
      auth_(std::move(auth)) {}

void NamespaceSearch::abandon() {
  client_ = nullptr;
  scope_->cancel(errc::disconnected);
}

// A loop instead of recursion: gates that answer at once cost no stack.
void NamespaceSearch::walk() {
  const auto keep = shared_from_this();
  is_walking_ = true;
  while (is_free_to_go_ && client_ != nullptr) {
    if (next_ == parents_->size()) {
      client_->not_found(*this, "Invalid namespace");
      break;
    }
    is_free_to_go_ = false;
    ask((*parents_)[next_++]);
  }
  is_walking_ = false;
}

void NamespaceSearch::ask(const IoCore::Parent& parent) {
  if (parent.pattern) {
    return take(parent.pattern->matches(name_) ? Verdict::allowed() : refuse("another name"));
  }
  Decision decision([self = shared_from_this()](Verdict verdict) { self->answer(std::move(verdict)); });
  // When it throws, its Decision is dropped on the way out, and refuses.
  guard_user_code("socketio", "a namespace's gate",
                  [&] { (*parent.gate)(name_, auth_, scope_, std::move(decision)); });
}

void NamespaceSearch::there(Function<void()> work) {
  if (loops_->is_here(home_)) return work();
  loops_->post(home_, std::move(work), 0, net::PostKind::control);
}

void NamespaceSearch::answer(Verdict verdict) {
  there([self = shared_from_this(), verdict = std::move(verdict)]() mutable {
    self->take(std::move(verdict));
  });
}

// Refused by one parent: the next may want it.
void NamespaceSearch::take(Verdict verdict) {
  if (client_ == nullptr) return;
  if (verdict.is_allowed()) {
    verdict_ = std::move(verdict);
    auto entered = [self = shared_from_this()](std::shared_ptr<NamespaceCore> core) {
      self->there([self, core = std::move(core)] { self->enter(core); });
    };
    return client_->io().enter_child((*parents_)[next_ - 1].core, name_, std::move(entered));
  }
  is_free_to_go_ = true;
  if (!is_walking_) walk();
}

void NamespaceSearch::enter(std::shared_ptr<NamespaceCore> core) {
  if (client_ == nullptr) {
    // It went while others were told of the namespace: nobody takes the place that was kept for it.
    if (IoCore* io = core ? core->io() : nullptr) io->leave(core);
    return;
  }
  if (!core) return client_->not_found(*this, "too many namespaces");
  client_->found(*this, std::move(core), verdict_);
}

}  // namespace naru::app
