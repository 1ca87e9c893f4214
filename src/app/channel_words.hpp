// Between naru::Channel's words and those of the rooms below: options, messages, pages. Any thread.
#pragma once

#include <string>

#include "channel/message.hpp"
#include "channel/page.hpp"
#include "channel/position.hpp"
#include "naru/channel.hpp"
#include "naru/result.hpp"
#include "store/durable_log.hpp"
#include "store/log_options.hpp"

namespace naru::app {

store::LogOptions to_log_options(const ChannelOptions& options);

// An error with a sentence where a text is none, or too long.
Result<channel::Message> to_message(const Draft& draft);
ChannelMessage to_public(const channel::Publication& publication);

// Anything that is no position becomes one that no log has.
channel::Position to_position(const Position& position);
Position to_public(const channel::Position& position);
Result<Published> to_public(const Result<store::Published>& published);
Result<HistoryPage> to_public(const Result<channel::Page>& page);

}  // namespace naru::app
