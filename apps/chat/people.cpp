#include "chat/people.hpp"

#include <future>
#include <stdexcept>
#include <utility>

#include "chat/limits.hpp"

namespace chat {
namespace {

constexpr std::size_t kPage = 1000;

struct Renaming {
  std::string person;
  std::string nickname;
};

naru::HistoryPage read(naru::Channel& channel, const naru::HistoryQuery& query) {
  std::promise<naru::Result<naru::HistoryPage>> promise;
  auto answer = promise.get_future();
  channel.history(query,
                  [&promise](naru::Result<naru::HistoryPage> page) { promise.set_value(std::move(page)); });
  naru::Result<naru::HistoryPage> page = answer.get();
  if (!page) throw std::runtime_error("the nicknames cannot be read: " + page.error().message());
  return std::move(*page);
}

}  // namespace
}  // namespace chat

template <>
struct naru::Codec<chat::Renaming> {
  static void encode(ArgumentWriter& out, const chat::Renaming& renaming) {
    out.begin_object();
    out.member("person", renaming.person);
    out.member("nickname", renaming.nickname);
    out.end_object();
  }
  static bool decode(const Argument& in, chat::Renaming& renaming) {
    return in.member("person", renaming.person) && in.member("nickname", renaming.nickname);
  }
};

namespace chat {

void People::load() {
  naru::HistoryQuery query;
  query.limit = kPage;
  query.since = naru::Position();  // from the oldest on
  for (bool more = true; more;) {
    const naru::HistoryPage page = read(channel_, query);
    std::lock_guard lock(mutex_);
    for (const naru::ChannelMessage& message : page.messages) {
      auto renaming = message.data.get<Renaming>();
      if (renaming) keep(renaming->person, std::move(renaming->nickname));
    }
    more = page.more && !page.messages.empty();
    query.since = page.position;
  }
}

// REQUIRES: the lock is held.
void People::keep(const std::string& person, std::string nickname) {
  Known& known = known_[person];
  if (known.number != 0) order_.erase(known.number);
  known.nickname = std::move(nickname);
  known.number = ++changes_;
  order_.emplace(known.number, person);
  if (known_.size() <= kMaxKnownPeople) return;
  known_.erase(order_.begin()->second);
  order_.erase(order_.begin());
}

Person People::person_of(const std::string& session) const {
  Person person{identities_.person_id(session), {}, identities_.color(session)};
  std::unique_lock lock(mutex_);
  auto found = known_.find(person.id);
  if (found != known_.end()) person.nickname = found->second.nickname;
  lock.unlock();
  if (person.nickname.empty()) person.nickname = identities_.first_nickname(session);
  return person;
}

naru::Task<bool> People::rename(std::string session, std::string nickname) {
  const Renaming renaming{identities_.person_id(session), std::move(nickname)};
  auto publishing = channel_.publish(renaming);
  const naru::Result<naru::Published> stored = co_await std::move(publishing);
  if (!stored) co_return false;
  std::lock_guard lock(mutex_);
  keep(renaming.person, renaming.nickname);
  co_return true;
}

}  // namespace chat
