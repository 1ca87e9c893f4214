#include "app/feed_presences.hpp"

#include <algorithm>
#include <utility>

#include "serve/peer_log.hpp"

namespace naru::app {

hub::Presence& FeedPresences::add(const std::string& name, const hub::PresenceOptions& options, Scope scope) {
  for (const Entry& entry : all_) {
    if (entry.name == name && entry.scope == scope) return *entry.presence;
  }
  hub::PresenceStream& stream = *this;
  auto presence = std::make_unique<hub::Presence>(base::system_clock(), stream, options);
  return *all_.emplace_back(Entry{name, scope, std::move(presence)}).presence;
}

hub::Presence* FeedPresences::find(std::string_view channel) const {
  const Entry* best = nullptr;
  for (const Entry& entry : all_) {
    if (entry.scope == Scope::exact && channel == entry.name) return entry.presence.get();
    if (entry.scope == Scope::exact || !channel.starts_with(entry.name)) continue;
    if (best == nullptr || entry.name.size() > best->name.size()) best = &entry;
  }
  return best == nullptr ? nullptr : best->presence.get();
}

void FeedPresences::sweep() {
  for (const Entry& entry : all_)
    entry.presence->sweep();
}

// The stream lives in memory (hub::Channels), so it is numbered during the call.
void FeedPresences::announce(const std::string& stream, channel::Message change) {
  // Fails when the server has all the logs that it may have: who is there is still told, changes are not.
  channels_->publish(stream, std::move(change), {}, [stream](const Result<store::Published>& at) {
    if (at) return;
    serve::log_peer(Level::warning, "feed", stream + " is not told of a change: " + at.error().message());
  });
}

// The absence first: a log that is made meanwhile comes after it.
channel::Position FeedPresences::position(const std::string& stream) {
  const channel::Position absence = channels_->absence(stream);
  const hub::Channels::Looked looked = channels_->look(stream);
  return looked.log == nullptr ? absence : looked.log->position();
}

}  // namespace naru::app
