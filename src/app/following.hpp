// What stands behind naru::Following: a follower on one loop, started and stopped from any thread.
//
//   auto record = std::make_shared<FollowingRecord>(channels, "news", std::move(options));
//   record->start();
//   record->stop();
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "hub/channels.hpp"
#include "hub/follower.hpp"
#include "hub/loop_group.hpp"
#include "naru/following.hpp"

namespace naru::app {

class FollowingRecord final : public std::enable_shared_from_this<FollowingRecord>,
                              private hub::FollowerEvents {
 public:
  FollowingRecord(std::shared_ptr<hub::Channels> channels, std::string name, FollowOptions options);

  void start();
  void stop();

 private:
  channel::Since where_to_begin() const;
  void begin(const channel::Since& since);
  void end();

  hub::Taken on_start(const channel::Standing& standing) override;
  hub::Taken on_message(const channel::PublicationRef& message) override;
  hub::Taken on_gap(const channel::Standing& standing) override;
  void on_end(hub::FollowEnd reason, const channel::Position& position) override;

  const std::shared_ptr<hub::Channels> channels_;
  const std::string name_;
  const FollowOptions options_;
  const hub::LoopIndex home_;
  std::atomic<bool> is_stopped_{false};
  hub::Follower follower_{*this};
};

}  // namespace naru::app
