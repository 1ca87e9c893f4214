#include "serve/feed_presence.hpp"

#include "channel/channel_name.hpp"

namespace naru::serve {

PresenceTickets enter_presence(const FeedEntry& entry, std::string_view connection) {
  PresenceTickets tickets;
  const FeedSettings& settings = *entry.settings;
  if (settings.presence == nullptr) return tickets;
  const std::string& identity = entry.verdict.identity();
  hub::PresentAs who{.id = identity, .is_identity = !identity.empty()};
  if (who.id.empty()) who.id = entry.request.client;
  if (who.id.empty()) who.id = connection;
  if (who.id.empty()) return tickets;
  for (const std::string& name : entry.request.channels) {
    if (!channel::presence_subject(name))
      tickets.push_back(settings.presence->enter(settings.prefix + name, who));
  }
  return tickets;
}

}  // namespace naru::serve
