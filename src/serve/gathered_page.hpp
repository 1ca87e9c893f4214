// Messages of one or several channels that leave in one answer, and its text.
//
//   GatheredPage page(2);
//   page.begin.set(0, start.position); …                      // where each channel was read from
//   page.items.push_back({0, message}); …                     // in the order in which they are told
//   page.end.set(0, message->position);
//   std::string body = text_of(page, names);                  // no names: a page of one channel
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "channel/message.hpp"
#include "channel/positions.hpp"
#include "channel/since.hpp"

namespace naru::serve {

struct GatheredPage {
  struct Item {
    std::size_t channel = 0;
    channel::PublicationRef message{};
    // For the order between channels: when it was published, never before the one before it in its channel.
    std::chrono::system_clock::time_point told_at{};
  };
  explicit GatheredPage(std::size_t channels) : begin(channels), end(channels) {}

  std::vector<Item> items{};
  channel::Positions begin;
  channel::Positions end;
  channel::Standing start{};  // what was missed over all channels; its position is not used
  bool more = false;
};

// `labels`: the channels' names, where messages say which they are of.
std::string text_of(const GatheredPage& page, std::span<const std::string> labels);

}  // namespace naru::serve
