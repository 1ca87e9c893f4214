// What a Socket.IO client says when it follows a channel or reads one: {channel, since?, limit?, client?}.
//
//   ChannelRequest request;
//   if (auto fault = parse(json, request)) return refuse(ack, *fault);
//
// docs/protocol/channels.md. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "naru/raw_json.hpp"
#include "serve/feed_request.hpp"

namespace naru::app {

struct ChannelRequest {
  std::string channel{};  // a good name
  std::string since{};    // empty: not said
  std::size_t limit = serve::FeedRequest::kPageLimit;
  std::string client{};  // for presence, where no gate gives an identity
};

// A sentence about what is wrong. `json` is valid JSON.
std::optional<std::string> parse(const RawJson& json, ChannelRequest& request);

}  // namespace naru::app
