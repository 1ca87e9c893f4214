#include "hub/presence.hpp"

#include <algorithm>
#include <cassert>
#include <list>
#include <unordered_map>
#include <utility>

#include "base/json_text.hpp"
#include "channel/channel_name.hpp"

namespace naru::hub {
namespace {

// A sweep gives the lock back after so many leaves: a loop that enters or leaves never waits for long.
constexpr std::size_t kLeavesAtOnce = 256;

// One table for both kinds of followers, who never meet.
std::string key_of(const PresentAs& who) {
  return (who.is_identity ? '=' : '~') + who.id;
}

channel::Message change(std::string_view event, const std::string& key) {
  const std::string_view id = std::string_view(key).substr(1);
  std::string data = R"({"id":)";
  base::append_json_string(data, id);
  if (key.front() == '=') {
    data += R"(,"identity":)";
    base::append_json_string(data, id);
  }
  data += '}';
  channel::Message message;
  message.event = event;
  message.data = base::Frame::copy(data);
  return message;
}

}  // namespace

struct Presence::Follower {
  struct Away {
    base::TimePoint until{};
    Channel* channel = nullptr;
    Follower* follower = nullptr;
  };
  const std::string* key = nullptr;  // the table's own
  std::size_t connections = 0;
  std::int64_t since_ms = 0;
  std::uint64_t order = 0;              // ascending by entering
  std::list<Away>::iterator absence{};  // while there are no connections
};

struct Presence::Channel {
  const std::string* name = nullptr;  // the table's own
  std::unordered_map<std::string, Follower> followers{};
  std::size_t only_counted = 0;
  std::uint64_t entered = 0;

  bool is_empty() const noexcept { return followers.empty() && only_counted == 0; }
};

struct Presence::Shard {
  std::mutex mutex;
  std::unordered_map<std::string, Channel> channels{};  // guarded by mutex, as all below and inside
  std::list<Follower::Away> away{};  // by the time when the grace is over: it is the same for all
};

Presence::Presence(const base::Clock& clock, PresenceStream& stream, const PresenceOptions& options)
    : clock_(clock), stream_(stream), options_(options) {
  for (auto& shard : shards_)
    shard = std::make_unique<Shard>();
}

Presence::~Presence() = default;

Presence::Shard& Presence::shard_of(std::string_view channel) const {
  return *shards_[std::hash<std::string_view>()(channel) % kShards];
}

PresenceTicket Presence::enter(std::string_view channel_name, const PresentAs& who) {
  Shard& shard = shard_of(channel_name);
  std::string name(channel_name);
  const std::string key = key_of(who);
  const std::lock_guard lock(shard.mutex);
  Channel* channel = open(shard, std::move(name));
  PresenceTicket ticket;
  if (channel == nullptr) return ticket;
  ticket.presence_ = this;
  ticket.channel_ = channel;
  if (const auto known = channel->followers.find(key); known != channel->followers.end()) {
    ticket.follower_ = &known->second;
    if (known->second.connections++ == 0) shard.away.erase(known->second.absence);
  } else if (channel->followers.size() < options_.max_followers) {
    ticket.follower_ = &join(*channel, key);
  } else {
    ++channel->only_counted;
  }
  return ticket;
}

Presence::Channel* Presence::open(Shard& shard, std::string name) {
  if (const auto known = shard.channels.find(name); known != shard.channels.end()) return &known->second;
  if (channel_count_.fetch_add(1, std::memory_order_relaxed) >= options_.max_channels) {
    channel_count_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
  }
  const auto place = shard.channels.try_emplace(std::move(name)).first;
  place->second.name = &place->first;
  return &place->second;
}

Presence::Follower& Presence::join(Channel& channel, const std::string& key) {
  const auto place = channel.followers.try_emplace(key).first;
  Follower& follower = place->second;
  follower.key = &place->first;
  follower.connections = 1;
  follower.since_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.wall().time_since_epoch()).count();
  follower.order = channel.entered++;
  stream_.announce(channel::presence_name(*channel.name), change("join", key));
  return follower;
}

void Presence::leave(PresenceTicket& ticket) noexcept {
  Channel& channel = *ticket.channel_;
  // The name stays while the ticket counts.
  Shard& shard = shard_of(*channel.name);
  const std::lock_guard lock(shard.mutex);
  if (Follower* follower = ticket.follower_) {
    assert(follower->connections > 0);
    if (--follower->connections == 0)
      follower->absence =
          shard.away.insert(shard.away.end(), {clock_.now() + options_.grace, &channel, follower});
  } else {
    --channel.only_counted;
    forget_if_empty(shard, channel);
  }
}

void Presence::forget_if_empty(Shard& shard, const Channel& channel) {
  if (!channel.is_empty()) return;
  shard.channels.erase(shard.channels.find(*channel.name));
  channel_count_.fetch_sub(1, std::memory_order_relaxed);
}

base::TimePoint Presence::sweep() {
  base::TimePoint next = base::kNever;
  for (auto& shard : shards_)
    next = std::min(next, sweep(*shard));
  return next;
}

base::TimePoint Presence::sweep(Shard& shard) {
  while (true) {
    const std::lock_guard lock(shard.mutex);
    const base::TimePoint now = clock_.now();
    for (std::size_t left = 0; left < kLeavesAtOnce; ++left) {
      if (shard.away.empty()) return base::kNever;
      const Follower::Away gone = shard.away.front();
      if (gone.until > now) return gone.until;
      shard.away.pop_front();
      stream_.announce(channel::presence_name(*gone.channel->name), change("leave", *gone.follower->key));
      gone.channel->followers.erase(gone.channel->followers.find(*gone.follower->key));
      forget_if_empty(shard, *gone.channel);
    }
  }
}

PresenceSnapshot Presence::snapshot(const std::string& name) {
  PresenceSnapshot snapshot;
  std::vector<const Follower*> order;
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  snapshot.position = stream_.position(channel::presence_name(name));
  const auto known = shard.channels.find(name);
  if (known == shard.channels.end()) return snapshot;
  const Channel& channel = known->second;
  snapshot.count = channel.followers.size() + channel.only_counted;
  for (const auto& [key, follower] : channel.followers)
    order.push_back(&follower);
  std::sort(order.begin(), order.end(),
            [](const Follower* a, const Follower* b) { return a->order < b->order; });
  snapshot.followers.reserve(order.size());
  for (const Follower* follower : order) {
    snapshot.followers.push_back({.id = follower->key->substr(1),
                                  .is_identity = follower->key->front() == '=',
                                  .connections = follower->connections,
                                  .since_ms = follower->since_ms});
  }
  return snapshot;
}

PresenceTicket::PresenceTicket(PresenceTicket&& other) noexcept
    : presence_(std::exchange(other.presence_, nullptr)),
      channel_(other.channel_),
      follower_(other.follower_) {}

PresenceTicket& PresenceTicket::operator=(PresenceTicket&& other) noexcept {
  if (this != &other) {
    leave();
    presence_ = std::exchange(other.presence_, nullptr);
    channel_ = other.channel_;
    follower_ = other.follower_;
  }
  return *this;
}

void PresenceTicket::leave() noexcept {
  if (Presence* presence = std::exchange(presence_, nullptr)) presence->leave(*this);
}

}  // namespace naru::hub
