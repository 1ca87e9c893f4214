#include "app/agenda.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace naru::app {

class Agenda::Item {
 public:
  Item(Agenda& agenda, Id id, base::TimePoint first, base::Duration interval, Work work)
      : agenda_(agenda), id_(id), due_(first), interval_(interval), work_(std::move(work)) {}

 private:
  friend class Agenda;
  void on_due() { agenda_.due(*this); }

  Agenda& agenda_;
  const Id id_;
  base::TimePoint due_;
  const base::Duration interval_;
  Work work_;
  Items::iterator place_;
  net::MemberTimer<Item, &Item::on_due> timer_{*this};
};

Agenda::Agenda(net::TimerWheel& wheel) : wheel_(wheel) {}
Agenda::~Agenda() = default;

void Agenda::clear() {
  running_ = nullptr;
  const Items ended = std::exchange(items_, {});  // what their work keeps may call back
}

Agenda::Id Agenda::add(base::TimePoint due, base::Duration interval, Work work) {
  keep(std::make_unique<Item>(*this, ++last_id_, due, interval, std::move(work)));
  return last_id_;
}

bool Agenda::cancel(Id id) {
  if (running_ != nullptr && running_->id_ == id) {
    running_ = nullptr;
    return true;
  }
  const auto found =
      std::find_if(items_.begin(), items_.end(), [&](const auto& item) { return item->id_ == id; });
  if (found == items_.end()) return false;
  const std::unique_ptr<Item> ended = std::move(*found);  // what its work keeps may call back
  items_.erase(found);
  return true;
}

void Agenda::keep(std::unique_ptr<Item> item) {
  items_.push_back(std::move(item));
  Item& kept = *items_.back();
  kept.place_ = std::prev(items_.end());
  wheel_.schedule(kept.timer_, kept.due_);
}

// Out of the list while it runs: its work may end it.
void Agenda::due(Item& item) {
  std::unique_ptr<Item> now = std::move(*item.place_);
  items_.erase(item.place_);
  if (item.interval_ == base::Duration::zero()) return now->work_();
  running_ = now.get();
  now->work_();
  if (std::exchange(running_, nullptr) != now.get()) return;
  // Counted from when it was due, not from when it ran: lateness does not add up.
  now->due_ += now->interval_;
  keep(std::move(now));
}

}  // namespace naru::app
