#include "app/channels.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include "app/user_code.hpp"
#include "base/frame.hpp"
#include "channel/message.hpp"
#include "channel/position.hpp"
#include "naru/log.hpp"
#include "store/errc.hpp"

namespace naru::app {
namespace {

constexpr std::size_t kMaxHistory = 1000;  // messages of one page, whoever asks

Position to_public(const channel::Position& position) {
  return Position(position.text());
}

ChannelMessage to_public(const channel::Publication& publication) {
  RawJson json;
  json.text = publication.message.data.view();
  return {.position = to_public(publication.position),
          .event = publication.message.event,
          .key = publication.message.key,
          .data = Value(std::move(json)),
          .time = publication.wall};
}

void append(HistoryPage& page, std::span<const channel::PublicationRef> messages) {
  for (const auto& message : messages)
    page.messages.push_back(to_public(*message));
}

// What a page of a channel that nobody has published to looks like.
HistoryPage nothing(const HistoryQuery& query) {
  HistoryPage page;
  page.recovered = !query.since || query.since->empty();
  return page;
}

Result<HistoryPage> read_since(store::DurableLog& log, const Position& since, std::size_t limit) {
  HistoryPage page;
  const auto position = channel::Position::parse(since.text()).value_or(channel::Position{});
  const channel::Recovery recovery = log.resume(position);
  page.recovered = recovery.recovered || since.empty();  // whoever has seen nothing has lost nothing
  if (!since.empty()) page.missing = recovery.missing;
  std::uint64_t at = recovery.from;
  std::vector<channel::PublicationRef> piece(std::min<std::size_t>(limit, channel::Log::kMaxRead));
  while (page.messages.size() < limit) {
    const std::size_t room = std::min(piece.size(), limit - page.messages.size());
    Result<std::size_t> count = log.read_forward(at, std::span(piece).first(room));
    if (!count) return count.error();
    if (*count == 0) break;
    append(page, std::span(piece).first(*count));
    at = piece[*count - 1]->position.offset;
  }
  const channel::Position end = log.position();
  page.more = at < end.offset;
  page.position = to_public(channel::Position{end.epoch, page.more ? at : std::max(at, recovery.from)});
  return page;
}

Result<HistoryPage> read_before(store::DurableLog& log, std::uint64_t before, std::size_t limit) {
  std::vector<std::vector<channel::PublicationRef>> pieces;  // newest first
  std::size_t read = 0;
  std::uint64_t at = before;
  while (read < limit) {
    std::vector<channel::PublicationRef> piece(std::min<std::size_t>(limit - read, channel::Log::kMaxRead));
    Result<std::size_t> count = log.read_backward(at, piece);
    if (!count) return count.error();
    if (*count == 0) break;
    piece.resize(*count);
    read += *count;
    at = piece.front()->position.offset;
    pieces.push_back(std::move(piece));
  }
  HistoryPage page;
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece)
    append(page, *piece);
  page.more = read > 0 && at > log.bounds().oldest;
  page.position = page.messages.empty() ? to_public(log.position()) : page.messages.back().position;
  return page;
}

void publish_to(store::DurableLog& log, LatePublish publish) {
  channel::Message message{.kind = channel::Kind::json,
                           .data = base::Frame::copy(publish.json),
                           .event = publish.options.event,
                           .key = publish.options.key};
  if (auto fault = channel::find_fault(message)) {
    return publish.done(Error(std::make_error_code(std::errc::invalid_argument), std::string(*fault)));
  }
  // Shared, because the log does not call it when nothing was taken.
  auto shared = std::make_shared<Function<void(Result<Published>)>>(std::move(publish.done));
  auto on_committed = [shared](Result<store::Published> stored) {
    if (!stored) return (*shared)(stored.error());
    (*shared)(Published{to_public(stored->position), stored->repeated});
  };
  Result<store::Published> taken =
      log.publish(std::move(message), publish.options.idempotency_key, std::move(on_committed));
  if (!taken) (*shared)(taken.error());
}

}  // namespace

Channels::Channels(std::shared_ptr<net::WorkerPool> workers) : workers_(std::move(workers)) {
  directory_ = std::make_unique<store::LogDirectory>(
      store::LogDirectoryOptions{.resolve = [this](std::string_view name) { return resolve(name); }});
}

Channels::~Channels() = default;

void Channels::set_options(std::string prefix, ChannelOptions options) {
  std::lock_guard lock(mutex_);
  options_.emplace_back(std::move(prefix), options);
  std::stable_sort(options_.begin(), options_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

void Channels::open_store(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw std::system_error(failure, "the data folder " + folder.string() + " cannot be made");
  auto opened = store::SqliteLogStore::open({.file = (folder / "naru.db").string()});
  if (!opened) throw std::system_error(opened.error().code(), opened.error().message());
  directory_.reset();
  store_ = std::move(*opened);
  directory_ = std::make_unique<store::LogDirectory>(store::LogDirectoryOptions{
      .store = store_.get(), .resolve = [this](std::string_view name) { return resolve(name); }});
}

store::LogOptions Channels::resolve(std::string_view name) const {
  std::lock_guard lock(mutex_);
  for (const auto& [prefix, chosen] : options_) {
    if (!name.starts_with(prefix)) continue;
    store::LogOptions options;
    const base::Duration age = chosen.max_age ? base::Duration(*chosen.max_age) : base::Duration::max();
    switch (chosen.durability) {
      case Durability::memory:
        options.durability = store::Durability::memory;
        options.tail.count = chosen.max_messages;
        options.tail.bytes = chosen.max_bytes;
        break;
      case Durability::process:
        options.durability = store::Durability::process;
        break;
      case Durability::power:
        options.durability = store::Durability::power;
        break;
    }
    options.tail.age = age;
    options.history.count = chosen.max_messages;
    options.history.bytes = chosen.max_bytes;
    options.history.age = age;
    return options;
  }
  return {};
}

bool Channels::is_durable(std::string_view name) const {
  return resolve(name).durability != store::Durability::memory;
}

void Channels::publish(std::string_view name, std::string json, const PublishOptions& options,
                       Function<void(Result<Published>)> done) {
  LatePublish publish{std::move(json), options,
                      guarded_callback("channel", "a publish handler", std::move(done))};
  if (!lines_.has_line(name)) {
    if (const store::DurableLogRef log = log_without_disk(name, options.idempotency_key))
      return publish_to(*log, std::move(publish));
  }
  switch (lines_.join(name, publish)) {
    case PublishLines::Joined::first:
      return work_off(name);
    case PublishLines::Joined::behind:
      return;
    case PublishLines::Joined::full:
      return publish.done(store::make_error(store::errc::busy, "too many publishes wait for the disk"));
  }
}

// Null: the disk has to be asked, or opening it fails.
store::DurableLogRef Channels::log_without_disk(std::string_view name, std::string_view key) {
  store::DurableLogRef log = directory_->peek(name);
  if (log == nullptr && !is_durable(name)) log = directory_->open(name).value_or(nullptr);
  return log != nullptr && !log->is_disk_needed_for(key) ? log : nullptr;
}

void Channels::work_off(std::string_view name) {
  auto work = [self = shared_from_this(), name = std::string(name)] {
    const auto log = self->directory_->open(name);
    while (auto publish = self->lines_.next(name)) {
      log ? publish_to(**log, std::move(*publish)) : publish->done(log.error());
    }
  };
  if (workers_->submit("channel publish", std::move(work))) return;
  while (auto publish = lines_.next(name)) {
    publish->done(
        Error(std::make_error_code(std::errc::resource_unavailable_try_again), "the workers are busy"));
  }
}

Result<HistoryPage> Channels::read(const std::string& name, const HistoryQuery& query) {
  auto found = directory_->find(name);
  if (!found) return found.error();
  if (*found == nullptr) return nothing(query);
  store::DurableLog& log = **found;
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, kMaxHistory);
  if (query.since) return read_since(log, *query.since, limit);
  std::uint64_t before = channel::Position::kMaxOffset;
  if (query.before) {
    const auto position = channel::Position::parse(query.before->text());
    if (!position || position->epoch != log.position().epoch) return nothing({.since = query.before});
    before = position->offset;
  }
  return read_before(log, before, limit);
}

void Channels::history(const std::string& name, const HistoryQuery& query,
                       Function<void(Result<HistoryPage>)> done) {
  done = guarded_callback("channel", "a history handler", std::move(done));
  if (!is_durable(name)) return done(read(name, query));
  auto shared = std::make_shared<Function<void(Result<HistoryPage>)>>(std::move(done));
  const bool taken = workers_->submit("channel history", [self = shared_from_this(), name, query, shared] {
    (*shared)(self->read(name, query));
  });
  if (!taken)
    (*shared)(Error(std::make_error_code(std::errc::resource_unavailable_try_again), "the workers are busy"));
}

void Channels::remove(const std::string& name, Function<void(Result<void>)> done) {
  directory_->remove(name, std::move(done));
}

void Channels::sweep() {
  directory_->sweep();
}

void Channels::flush() {
  if (store_) store_->flush();
}

}  // namespace naru::app
