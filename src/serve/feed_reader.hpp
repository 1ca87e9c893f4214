// Follows the channels of one connection, 1 to 32 of them, as one stream with one position.
//
//   FeedReader reader(server, *this, count);
//   reader.follow(names, since, settings);   // on_start once all of them stand, then messages
//   reader.resume();                         // after Taken::full
//
// No channel speaks before all have started: until then the connection has no position. Belongs to a door on
// one loop; may be destroyed at any time but inside its own events, where stop() is the way.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "channel/message.hpp"
#include "channel/since.hpp"
#include "hub/follower.hpp"
#include "hub/loop_channels.hpp"

namespace naru::serve {

// As hub::FollowerEvents, with the channel's place in the list. `position` is the text of the whole
// connection.
class FeedReaderEvents {
 public:
  virtual ~FeedReaderEvents() = default;
  // The sum over all channels.
  virtual hub::Taken on_start(const channel::Standing& standing) = 0;
  virtual hub::Taken on_message(std::size_t channel, const channel::PublicationRef& message) = 0;
  virtual hub::Taken on_gap(std::size_t channel, const channel::Standing& standing) = 0;
  virtual void on_pause() {}
  // Nothing follows, from any channel.
  virtual void on_end(hub::FollowEnd reason) = 0;
};

class FeedReader {
 public:
  // REQUIRES: 1 <= count <= channel::kMaxChannels
  FeedReader(hub::LoopChannels& channels, FeedReaderEvents& events, std::size_t count);
  FeedReader(const FeedReader&) = delete;
  FeedReader& operator=(const FeedReader&) = delete;

  // REQUIRES: as many names, with their prefix, and sinces as channels. Once.
  void follow(const std::vector<std::string>& names, const std::vector<channel::Since>& since,
              const hub::FollowSettings& settings);
  void stop() noexcept;
  void resume();

  std::size_t size() const noexcept { return 1 + others_.size(); }
  bool has_started() const noexcept { return starting_ == 0; }
  // Where the connection stands, behind what it was told last. REQUIRES: has_started()
  std::string position() const;
  const channel::Position& position_of(std::size_t channel) const noexcept { return line(channel).position; }

 private:
  struct Line final : hub::FollowerEvents {
    Line(FeedReader& to, std::uint32_t place) : reader(to), index(place) {}
    hub::Taken on_start(const channel::Standing& standing) override;
    hub::Taken on_message(const channel::PublicationRef& message) override;
    hub::Taken on_gap(const channel::Standing& standing) override;
    void on_pause() override { reader.events_.on_pause(); }
    void on_end(hub::FollowEnd reason, const channel::Position& position) override;

    FeedReader& reader;
    std::uint32_t index;
    channel::Position position{};
    hub::Follower follower{*this};
  };
  const Line& line(std::size_t channel) const noexcept {
    return channel == 0 ? first_ : *others_[channel - 1];
  }
  Line& line(std::size_t channel) noexcept { return channel == 0 ? first_ : *others_[channel - 1]; }
  hub::Taken started(const Line& line, const channel::Standing& standing);

  hub::LoopChannels& channels_;
  FeedReaderEvents& events_;
  std::vector<std::unique_ptr<Line>> others_;
  std::unique_ptr<channel::Standing> sum_;  // while several start
  std::uint32_t starting_;
  Line first_{*this, 0};
};

}  // namespace naru::serve
