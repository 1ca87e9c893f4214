#include "chat/room.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chat {

bool Room::has(const std::string& person) const {
  auto found = here_.find(person);
  return found != here_.end() && found->second.tabs > 0;
}

std::vector<Presence> Room::presences() const {
  std::vector<Presence> all;
  all.reserve(presences_.size());
  for (const auto& [socket, presence] : presences_) {
    if (!is_removed(presence.person.id)) all.push_back(presence);
  }
  return all;
}

const Presence* Room::find(const std::string& socket) const {
  auto found = presences_.find(socket);
  if (found == presences_.end() || is_removed(found->second.person.id)) return nullptr;
  return &found->second;
}

bool Room::needs_password(const std::string& person) const {
  return record_.is_locked() && !is_owner(person) && !admitted_.contains(person);
}

std::optional<Failure> Room::enter(Presence presence) {
  const std::string& id = presence.person.id;
  if (is_removed(id)) return Failure{"removed", "you were removed from this room"};
  auto found = here_.find(id);
  const std::size_t tabs = found == here_.end() ? 0 : found->second.tabs;
  if (tabs == 0 && !is_owner(id) && people_ >= static_cast<std::size_t>(record_.capacity)) {
    return Failure{"full", "as many people are in this room as it takes"};
  }
  if (tabs >= kMaxTabs) return Failure{"full", "you have this room open in too many windows"};
  Here& here = here_[id];
  here.person = presence.person;
  if (std::exchange(here.left_at, std::nullopt)) --leaving_;
  if (++here.tabs == 1) ++people_;
  std::string socket = presence.socket;
  presences_.insert_or_assign(std::move(socket), std::move(presence));
  return std::nullopt;
}

bool Room::greet(const std::string& socket) {
  auto found = presences_.find(socket);
  if (found == presences_.end()) return false;
  Here& here = here_[found->second.person.id];
  return !std::exchange(here.is_announced, true);
}

bool Room::leave(const std::string& socket, Time now) {
  auto found = presences_.find(socket);
  if (found == presences_.end()) return false;
  const std::string person = std::move(found->second.person.id);
  presences_.erase(found);
  auto here = here_.find(person);
  if (--here->second.tabs > 0) return true;
  --people_;
  if (here->second.is_announced) {
    here->second.left_at = now;
    ++leaving_;
  } else {
    here_.erase(here);
  }
  return true;
}

std::vector<Person> Room::gone_for_good(Time now) {
  std::vector<Person> gone;
  if (leaving_ == 0) return gone;
  for (auto entry = here_.begin(); entry != here_.end();) {
    const bool is_over = entry->second.left_at && now - *entry->second.left_at >= kGrace;
    if (is_over) gone.push_back(std::move(entry->second.person));
    entry = is_over ? here_.erase(entry) : std::next(entry);
  }
  leaving_ -= gone.size();
  return gone;
}

std::vector<Presence> Room::rename(const Person& person) {
  std::vector<Presence> renamed;
  auto here = here_.find(person.id);
  if (here == here_.end()) return renamed;
  here->second.person = person;
  for (auto& [socket, presence] : presences_) {
    if (presence.person.id != person.id) continue;
    presence.person = person;
    renamed.push_back(presence);
  }
  return renamed;
}

std::optional<std::pair<Person, std::vector<std::string>>> Room::remove(const std::string& person) {
  auto here = here_.find(person);
  if (here == here_.end()) return std::nullopt;
  removed_.add(person);
  std::pair<Person, std::vector<std::string>> whom{here->second.person, {}};
  for (const auto& [socket, presence] : presences_) {
    if (presence.person.id == person) whom.second.push_back(socket);
  }
  // `remove` is his last line, there will be no `leave`.
  here->second.is_announced = false;
  if (here->second.left_at) --leaving_;
  if (here->second.tabs == 0) here_.erase(here);
  return whom;
}

void Room::set_last(std::optional<LastLine> last) {
  if (last && !record_.is_locked()) last_ = std::move(last);
}

}  // namespace chat
