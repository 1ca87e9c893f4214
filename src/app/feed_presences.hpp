// Who follows the channels of the feeds, by prefix or name, and the streams that say who comes and goes. Any
// thread.
//
//   hub::Presence& presence = presences.add("lab:", {.grace = 20s});     // setup
//   presences.sweep();                                                   // now and then
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "hub/channels.hpp"
#include "hub/presence.hpp"

namespace naru::app {

class FeedPresences final : private hub::PresenceStream {
 public:
  explicit FeedPresences(std::shared_ptr<hub::Channels> channels) : channels_(std::move(channels)) {}

  using Scope = hub::Channels::Scope;

  // One for all feeds of a prefix, or of a channel: the first one's options count. Before the server runs.
  hub::Presence& add(const std::string& name, const hub::PresenceOptions& options,
                     Scope scope = Scope::prefix);
  bool empty() const noexcept { return all_.empty(); }
  // Whose channel it is; null: nobody is told who follows it.
  hub::Presence* find(std::string_view channel) const;
  // Tells who has been away for longer than the grace.
  void sweep();

 private:
  struct Entry {
    std::string name;
    Scope scope;
    std::unique_ptr<hub::Presence> presence;
  };

  void announce(const std::string& stream, channel::Message change) override;
  channel::Position position(const std::string& stream) override;

  const std::shared_ptr<hub::Channels> channels_;
  std::vector<Entry> all_;
};

}  // namespace naru::app
