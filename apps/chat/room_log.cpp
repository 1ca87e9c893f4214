#include "chat/room_log.hpp"

#include <algorithm>
#include <utility>

#include "chat/limits.hpp"
#include "naru/log.hpp"

namespace chat {
namespace {

std::string key_of(const std::string& sender, const std::string& id) {
  return sender + "/" + id;
}

naru::Task<> remove_channel(naru::Channel channel, std::shared_ptr<naru::Function<void()>> done) {
  auto removing = channel.remove();
  const naru::Result<void> removed = co_await std::move(removing);
  if (removed) {
    (*done)();
  } else {
    naru::log(
        naru::Level::error, "chat",
        "the history of a deleted room is still there: " + channel.name() + ": " + removed.error().message());
  }
}

HistoryAnswer answer_of(const naru::HistoryPage& page) {
  HistoryAnswer answer;
  answer.more = page.more;
  answer.recovered = page.recovered;
  answer.messages.reserve(page.messages.size());
  for (const naru::ChannelMessage& message : page.messages) {
    answer.messages.push_back(with_position(message.data.text(), message.position));
  }
  return answer;
}

}  // namespace

RoomLog::~RoomLog() {
  if (!on_removed_) return;
  auto done = std::make_shared<naru::Function<void()>>(std::move(on_removed_));
  naru::start(remove_channel(channel_, std::move(done)), {});
}

void RoomLog::publish(const Message& line, const std::string& sender,
                      naru::Function<void(naru::Result<Stored>)> done) {
  naru::RawJson stored;
  naru::ArgumentWriter writer(stored.text, stored.attachments);
  writer.value(line);
  naru::PublishOptions options;
  options.event = line.kind;
  options.key = key_of(sender, line.id);  // found again by it
  options.idempotency_key = options.key;
  auto on_stored = [self = shared_from_this(), json = stored.text,
                    done = std::move(done)](naru::Result<naru::Published> published) {
    if (!published) return done(published.error());
    done(Stored{with_position(json, published->position), published->position, published->repeated});
  };
  channel_.publish(stored, options, std::move(on_stored));
}

naru::Task<naru::Result<HistoryAnswer>> RoomLog::page(naru::HistoryQuery query) {
  const std::shared_ptr<RoomLog> keep = shared_from_this();
  const bool asks_for_place = query.before || query.since;
  auto reading = channel_.history(query);
  naru::Result<naru::HistoryPage> page = co_await std::move(reading);
  if (!page) co_return page.error();
  if (page->recovered || !asks_for_place) co_return answer_of(*page);
  query.before.reset();
  query.since.reset();
  auto reading_newest = channel_.history(query);
  naru::Result<naru::HistoryPage> newest = co_await std::move(reading_newest);
  if (!newest) co_return newest.error();
  HistoryAnswer answer = answer_of(*newest);
  answer.recovered = false;
  co_return answer;
}

naru::Task<std::optional<naru::RawJson>> RoomLog::find(std::string sender, std::string id,
                                                       std::size_t depth) {
  const std::shared_ptr<RoomLog> keep = shared_from_this();
  const std::string key = key_of(sender, id);
  naru::HistoryQuery query;
  std::size_t seen = 0;
  while (seen < depth) {
    query.limit = std::min<std::size_t>(depth - seen, 1000);
    auto reading = channel_.history(query);
    const naru::Result<naru::HistoryPage> page = co_await std::move(reading);
    if (!page || page->messages.empty()) break;
    for (const naru::ChannelMessage& message : page->messages) {
      if (message.key == key) co_return with_position(message.data.text(), message.position);
    }
    if (!page->more) break;
    seen += page->messages.size();
    query.before = page->messages.front().position;
  }
  co_return std::nullopt;
}

void RoomLog::remove_at_end(naru::Function<void()> done) {
  on_removed_ = std::move(done);
}

std::shared_ptr<RoomLog> RoomLogs::open(const std::string& room) {
  std::lock_guard lock(mutex_);
  std::shared_ptr<RoomLog>& log = logs_[room];
  if (!log) log = std::make_shared<RoomLog>(server_.channel(kChannelPrefix + room));
  return log;
}

std::shared_ptr<RoomLog> RoomLogs::find(const std::string& room) const {
  std::lock_guard lock(mutex_);
  auto found = logs_.find(room);
  return found == logs_.end() ? nullptr : found->second;
}

void RoomLogs::remove(const std::string& room, naru::Function<void()> done) {
  std::unique_lock lock(mutex_);
  auto found = logs_.find(room);
  if (found == logs_.end()) return;
  const std::shared_ptr<RoomLog> log = std::move(found->second);
  logs_.erase(found);
  lock.unlock();
  log->remove_at_end(std::move(done));  // the channel goes when the last user of the log does
}

}  // namespace chat
