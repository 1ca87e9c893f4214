// The feeds of a server: which one has a channel, and whom their gates let in. Set up before the server runs,
// read by all loops then.
//
//   const std::uint32_t number = feeds.add("/channels/:channel", std::move(options));
//   feeds.settings(number);                                  // what its doors need
//   feeds.authorize(number, question, scope, decide);        // serve::FeedHooks
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/loop_group.hpp"
#include "naru/feed.hpp"
#include "naru/handshake.hpp"
#include "serve/feed_application.hpp"

namespace naru::app {

class Feeds final : public serve::FeedHooks {
 public:
  using Part = serve::FeedQuestion::Part;

  explicit Feeds(std::shared_ptr<const hub::LoopGroup> loops) : loops_(std::move(loops)) {}

  // Throws std::logic_error or std::system_error with a sentence.
  std::uint32_t add(FeedOptions options);

  std::size_t size() const noexcept { return feeds_.size(); }
  serve::FeedSettings& settings(std::uint32_t feed) noexcept { return feeds_[feed]->settings; }
  const serve::FeedSettings& settings(std::uint32_t feed) const noexcept { return feeds_[feed]->settings; }
  const FeedOptions& options(std::uint32_t feed) const noexcept { return feeds_[feed]->options; }
  // Whether any is there for Socket.IO.
  bool has_socketio() const noexcept;
  // The one that has this channel for Socket.IO; none: nobody serves it there.
  std::optional<std::uint32_t> find_socketio(std::string_view channel) const;
  // Whether this feed is one of those with the longest prefix of the name, or the name itself: others do not
  // serve it, or a feed whose gate is closed could be read through one that has none.
  bool serves(std::uint32_t feed, std::string_view channel) const;

  void authorize(std::uint32_t feed, serve::FeedQuestion question, const Scope& scope,
                 Decision decide) override;
  // The same for who has more than a request: Socket.IO's sockets. On a loop, which the answer comes on too.
  void ask(std::uint32_t feed, std::vector<Part> parts, Handshake request, const Scope& scope,
           Decision decide);

 private:
  struct Feed {
    FeedOptions options;
    serve::FeedSettings settings;

    // How well it knows the name: more for a longer prefix, most for all of it; nothing: it is not this
    // feed's.
    std::optional<std::size_t> claim_on(std::string_view channel) const;
  };

  void check_against_others(const FeedOptions& options) const;
  std::size_t longest_claim(std::string_view channel) const;

  const std::shared_ptr<const hub::LoopGroup> loops_;
  std::vector<std::unique_ptr<Feed>> feeds_;
};

}  // namespace naru::app
