#include "serve/feed_reader.hpp"

#include <cassert>

#include "channel/notice.hpp"
#include "channel/positions.hpp"

namespace naru::serve {

FeedReader::FeedReader(hub::LoopChannels& channels, FeedReaderEvents& events, std::size_t count)
    : channels_(channels), events_(events), starting_(static_cast<std::uint32_t>(count)) {
  for (std::uint32_t index = 1; index < count; ++index)
    others_.push_back(std::make_unique<Line>(*this, index));
  if (count > 1) sum_ = std::make_unique<channel::Standing>();
}

void FeedReader::follow(const std::vector<std::string>& names, const std::vector<channel::Since>& since,
                        const hub::FollowSettings& settings) {
  assert(names.size() == size() && since.size() == size());
  for (std::size_t index = 0; index < size(); ++index)
    channels_.follow(line(index).follower, names[index], since[index], settings);
}

void FeedReader::stop() noexcept {
  for (std::size_t index = 0; index < size(); ++index)
    channels_.unfollow(line(index).follower);
}

void FeedReader::resume() {
  if (!has_started()) return;
  for (std::size_t index = 0; index < size(); ++index)
    channels_.resume(line(index).follower);
}

std::string FeedReader::position() const {
  if (others_.empty()) return first_.position.text();
  std::string text;
  for (std::size_t index = 0; index < size(); ++index) {
    if (index > 0) text += channel::kPositionSeparator;
    text += line(index).position.text();
  }
  return text;
}

// The last one to start brings the others on their way.
hub::Taken FeedReader::started(const Line& line, const channel::Standing& standing) {
  --starting_;
  if (others_.empty()) return events_.on_start(standing);
  channel::add_standing(*sum_, standing);
  if (!has_started()) return hub::Taken::full;
  const std::unique_ptr<channel::Standing> sum = std::move(sum_);
  const hub::Taken taken = events_.on_start(*sum);
  if (taken == hub::Taken::full) return taken;
  for (std::size_t index = 0; index < size(); ++index) {
    if (index != line.index) channels_.resume(this->line(index).follower);
  }
  return taken;
}

hub::Taken FeedReader::Line::on_start(const channel::Standing& standing) {
  position = standing.position;
  return reader.started(*this, standing);
}

hub::Taken FeedReader::Line::on_message(const channel::PublicationRef& message) {
  position = message->position;
  return reader.events_.on_message(index, message);
}

hub::Taken FeedReader::Line::on_gap(const channel::Standing& standing) {
  position = standing.position;
  return reader.events_.on_gap(index, standing);
}

void FeedReader::Line::on_end(hub::FollowEnd reason, const channel::Position&) {
  reader.stop();
  reader.events_.on_end(reason);
}

}  // namespace naru::serve
