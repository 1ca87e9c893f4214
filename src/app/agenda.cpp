#include "app/agenda.hpp"

#include <iterator>
#include <utility>

namespace naru::app {

class Agenda::Item {
 public:
  Item(Agenda& agenda, base::TimePoint first, base::Duration interval, Work work)
      : agenda_(agenda), due_(first), interval_(interval), work_(std::move(work)) {}

 private:
  friend class Agenda;
  void on_due() { agenda_.due(*this); }

  Agenda& agenda_;
  base::TimePoint due_;
  const base::Duration interval_;
  Work work_;
  std::list<std::unique_ptr<Item>>::iterator place_;
  net::MemberTimer<Item, &Item::on_due> timer_{*this};
};

Agenda::Agenda(net::TimerWheel& wheel) : wheel_(wheel) {}
Agenda::~Agenda() = default;

void Agenda::clear() {
  items_.clear();
}

void Agenda::add(base::TimePoint due, base::Duration interval, Work work) {
  items_.push_back(std::make_unique<Item>(*this, due, interval, std::move(work)));
  Item& item = *items_.back();
  item.place_ = std::prev(items_.end());
  wheel_.schedule(item.timer_, due);
}

void Agenda::due(Item& item) {
  if (item.interval_ == base::Duration::zero()) {
    const std::unique_ptr<Item> done = std::move(*item.place_);
    items_.erase(item.place_);
    return done->work_();
  }
  // Counted from when it was due, not from when it ran: lateness does not add up.
  item.due_ += item.interval_;
  wheel_.schedule(item.timer_, item.due_);
  item.work_();
}

}  // namespace naru::app
