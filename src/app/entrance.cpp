#include "app/entrance.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/client.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"

namespace naru::app {
namespace {

// On its way through the gates; kept alive by whoever has the current Decision.
class Entrance : public std::enable_shared_from_this<Entrance> {
 public:
  explicit Entrance(std::shared_ptr<SocketRecord> record)
      : handle_(record), record_(std::move(record)), table_(record_->nsp->handlers_here()) {}

  // Who it is, and until when, by what is known so far.
  void note(const Verdict& verdict) {
    if (!verdict.identity().empty()) record_->identify(verdict.identity());
    if (verdict.expires()) until_ = std::min(until_.value_or(*verdict.expires()), *verdict.expires());
  }

  // A loop instead of recursion: gates that answer at once cost no stack.
  void walk() {
    is_walking_ = true;
    while (is_free_to_go_ && record_->client != nullptr) {
      if (next_ == table_->gates.size()) {
        record_->client->let_in(*record_, until_);
        break;
      }
      is_free_to_go_ = false;
      ask(table_->gates[next_++]->call);
    }
    is_walking_ = false;
  }

 private:
  void ask(const Gate& gate) {
    Decision decision([self = shared_from_this()](Verdict verdict) { self->answer(std::move(verdict)); });
    // When it throws, its Decision is dropped on the way out, and refuses.
    guard_user_code("socketio", "a gate", [&] { gate(handle_, std::move(decision)); });
  }

  void answer(Verdict verdict) {
    if (record_->is_here()) return take(verdict);
    record_->nsp->loops()->post(
        record_->home(), [self = shared_from_this(), verdict = std::move(verdict)] { self->take(verdict); },
        0, net::PostKind::control);
  }

  void take(const Verdict& verdict) {
    if (record_->client == nullptr) return;  // it has gone meanwhile
    if (!verdict.is_allowed()) return record_->client->turn_away(*record_, verdict);
    note(verdict);
    is_free_to_go_ = true;
    if (!is_walking_) walk();
  }

  Socket handle_;
  std::shared_ptr<SocketRecord> record_;
  std::shared_ptr<const HandlerTable> table_;
  std::size_t next_ = 0;
  std::optional<Verdict::Time> until_;  // the earliest of what the gates said
  bool is_free_to_go_ = true;
  bool is_walking_ = false;
};

}  // namespace

void enter(const std::shared_ptr<SocketRecord>& socket, const Verdict& first) {
  const bool is_known = !first.identity().empty() || first.expires();
  if (!is_known && socket->nsp->handlers_here()->gates.empty()) {
    return socket->client->let_in(*socket, std::nullopt);
  }
  auto entrance = std::make_shared<Entrance>(socket);
  entrance->note(first);
  entrance->walk();
}

}  // namespace naru::app
