#include "hub/channels.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "channel/channel_name.hpp"
#include "hub/page_reading.hpp"
#include "hub/presence_keeping.hpp"
#include "store/errc.hpp"
#include "store/sqlite_log_store.hpp"

namespace naru::hub {
namespace {

Error workers_are_busy() {
  return Error(std::make_error_code(std::errc::resource_unavailable_try_again), "the workers are busy");
}

// Shared, because the log does not call it when nothing was taken.
using SharedDone = std::shared_ptr<Channels::OnPublished>;

Result<store::Published> try_publish(store::DurableLog& log, channel::Message message, std::string_view key,
                                     const SharedDone& done) {
  return log.publish(std::move(message), key,
                     [done](Result<store::Published> stored) { (*done)(std::move(stored)); });
}

void publish_to(store::DurableLog& log, LatePublish publish) {
  const auto done = std::make_shared<Channels::OnPublished>(std::move(publish.done));
  const auto taken = try_publish(log, std::move(publish.message), publish.idempotency_key, done);
  if (!taken) (*done)(taken.error());
}

// A channel that is removed while it has a line goes on as a new one.
void publish_late(store::LogDirectory& directory, std::string_view name, Result<store::DurableLogRef>& log,
                  LatePublish publish) {
  const auto done = std::make_shared<Channels::OnPublished>(std::move(publish.done));
  if (log && (*log)->is_removed()) log = directory.open(name);
  if (!log) return (*done)(log.error());
  auto taken = try_publish(**log, publish.message, publish.idempotency_key, done);
  if (!taken && (*log)->is_removed()) {
    log = directory.open(name);
    if (!log) return (*done)(log.error());
    taken = try_publish(**log, std::move(publish.message), publish.idempotency_key, done);
  }
  if (!taken) (*done)(taken.error());
}

}  // namespace

Channels::Channels(std::shared_ptr<net::WorkerPool> workers, std::shared_ptr<LoopGroup> loops,
                   const base::Clock& clock)
    : workers_(std::move(workers)), loops_(std::move(loops)), clock_(clock), wakes_(loops_) {
  directory_ = make_directory();
}

// The last one to hold us may be a completion on the store's own thread, which cannot wait for itself.
Channels::~Channels() {
  directory_.reset();
  if (store_ != nullptr && store_->is_on_writer_thread())
    std::thread([store = std::move(store_)]() mutable { store.reset(); }).detach();
}

std::unique_ptr<store::LogDirectory> Channels::make_directory() {
  return std::make_unique<store::LogDirectory>(
      store::LogDirectoryOptions{.store = store_.get(),
                                 .clock = &clock_,
                                 .resolve = [this](std::string_view name) { return resolve(name); },
                                 .on_visible = [this](std::string_view name) { wakes_.raise(name); },
                                 .on_lost = [this](std::string_view name) { absences_.renew(name); }});
}

void Channels::set_options(std::string name, const store::LogOptions& options, Scope scope) {
  std::lock_guard lock(mutex_);
  for (const Named& each : options_) {
    if (each.name != name || each.scope != scope) continue;
    if (each.options == options) return;
    throw std::logic_error("channels \"" + name +
                           "\": two feeds or channels() of the same name or prefix differ"
                           " in history or durability");
  }
  options_.push_back({std::move(name), scope, options});
  std::stable_sort(options_.begin(), options_.end(), [](const Named& a, const Named& b) {
    if (a.name.size() != b.name.size()) return a.name.size() > b.name.size();
    return a.scope == Scope::exact && b.scope == Scope::prefix;
  });
}

void Channels::open_store(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw std::system_error(failure, "the data folder " + folder.string() + " cannot be made");
  auto opened = store::SqliteLogStore::open({.file = (folder / "naru.db").string(), .clock = &clock_});
  if (!opened) throw std::system_error(opened.error().code(), opened.error().message());
  directory_.reset();
  store_ = std::move(*opened);
  directory_ = make_directory();
}

store::LogOptions Channels::resolve(std::string_view name) const {
  std::lock_guard lock(mutex_);
  for (const Named& each : options_) {
    const bool is_its = each.scope == Scope::prefix
                            ? name.starts_with(each.name)
                            : name == each.name || channel::presence_subject(name) == each.name;
    if (is_its) return kept_as(name, each.options);
  }
  return kept_as(name, {});
}

bool Channels::is_durable(std::string_view name) const {
  return resolve(name).durability != store::Durability::memory;
}

void Channels::publish(std::string_view name, channel::Message message, std::string_view idempotency_key,
                       OnPublished done) {
  LatePublish publish{std::move(message), std::string(idempotency_key), std::move(done)};
  if (!lines_.has_line(name)) {
    const Result<store::DurableLogRef> log = log_without_disk(name, idempotency_key);
    if (!log) return publish.done(log.error());
    if (*log != nullptr) return publish_to(**log, std::move(publish));
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

// Null: the disk has to be asked.
Result<store::DurableLogRef> Channels::log_without_disk(std::string_view name, std::string_view key) {
  store::DurableLogRef log = directory_->peek(name);
  if (log == nullptr && !is_durable(name)) return directory_->open(name);
  return log != nullptr && !log->is_disk_needed_for(key) ? log : store::DurableLogRef();
}

void Channels::work_off(std::string_view name) {
  auto work = [self = shared_from_this(), name = std::string(name)] {
    auto log = self->directory_->open(name);
    while (auto publish = self->lines_.next(name))
      publish_late(*self->directory_, name, log, std::move(*publish));
  };
  if (workers_->submit("channel publish", std::move(work))) return;
  while (auto publish = lines_.next(name))
    publish->done(workers_are_busy());
}

Channels::Looked Channels::look(std::string_view name) {
  if (store::DurableLogRef log = directory_->peek(name)) return {std::move(log), false};
  if (is_durable(name)) return {nullptr, true};
  return {directory_->find(name).value_or(nullptr), false};
}

void Channels::read(std::string_view name, const channel::Since& since, std::size_t limit, OnPage done) {
  limit = std::clamp<std::size_t>(limit, 1, kMaxPage);
  const channel::Position nowhere = absence(name);
  const Looked looked = look(name);
  if (!looked.needs_disk) {
    if (auto page = page_in_memory(looked.log.get(), nowhere, since, limit)) return done(std::move(*page));
  }
  read_on_worker(
      name,
      [since, limit](store::DurableLog* log, const channel::Position& here) {
        return page_after(log, here, since, limit);
      },
      std::move(done));
}

void Channels::read_before(std::string_view name, const std::optional<channel::Position>& before,
                           std::size_t limit, OnPage done) {
  limit = std::clamp<std::size_t>(limit, 1, kMaxPage);
  const channel::Position nowhere = absence(name);
  const Looked looked = look(name);
  const bool is_in_memory =
      looked.log == nullptr || looked.log->options().durability == store::Durability::memory;
  if (!looked.needs_disk && is_in_memory) return done(page_before(looked.log.get(), nowhere, before, limit));
  read_on_worker(
      name,
      [before, limit](store::DurableLog* log, const channel::Position& here) {
        return page_before(log, here, before, limit);
      },
      std::move(done));
}

void Channels::read_on_worker(std::string_view name, PageReader reader, OnPage done) {
  auto answer = std::make_shared<OnPage>(std::move(done));
  auto work = [self = shared_from_this(), name = std::string(name), reader = std::move(reader), answer] {
    const channel::Position nowhere = self->absence(name);
    const auto log = self->directory_->find(name);
    (*answer)(log ? reader(log->get(), nowhere) : Result<channel::Page>(log.error()));
  };
  if (!workers_->submit("channel page", std::move(work))) (*answer)(workers_are_busy());
}

void Channels::remove(std::string_view name, Function<void(Result<void>)> done) {
  directory_->remove(name, std::move(done));
  wakes_.raise(name);
}

void Channels::sweep() {
  directory_->sweep();
}

void Channels::flush() {
  if (store_) store_->flush();
}

}  // namespace naru::hub
