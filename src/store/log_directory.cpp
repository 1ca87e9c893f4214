#include "store/log_directory.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "store/errc.hpp"

namespace naru::store {

// A place in the directory. It is filled under its own mutex, so that one slow disk read holds up only those
// who want the same log. A place that was left (not found, pushed out, deleted) is never filled again. Locks
// are taken in the order entry, directory; the other way round only by try_lock.
struct LogDirectory::Entry {
  explicit Entry(std::string_view log_name) : name(log_name) {}
  const std::string name;
  std::mutex mutex;
  DurableLogRef log{};   // guarded by mutex
  bool is_left = false;  // guarded by mutex
};

namespace {

// How many of the least recently used are looked at to make room: keeps open() short when all are in use.
constexpr std::size_t kMaxLookedAt = 64;

// Nobody else can have it, nothing is in flight, and nothing is lost that is not on disk.
bool may_go(const DurableLogRef& log) {
  const bool is_kept_elsewhere = log->options().durability != Durability::memory || log->is_empty();
  return log.use_count() == 1 && is_kept_elsewhere && log->is_idle();
}

}  // namespace

LogDirectory::LogDirectory(LogDirectoryOptions options) : options_(std::move(options)) {
  if (options_.on_visible)
    on_visible_ = std::make_shared<const Function<void(std::string_view)>>(std::move(options_.on_visible));
}
LogDirectory::~LogDirectory() = default;

Result<DurableLogRef> LogDirectory::open(std::string_view name) {
  if (!is_log_name(name)) return make_error(errc::bad_name);
  return get(name, IfMissing::create);
}

Result<DurableLogRef> LogDirectory::find(std::string_view name) {
  if (!is_log_name(name)) return DurableLogRef();
  // Look before entering: names that do not exist must not push out logs that do.
  if (!is_here(name)) {
    const LogOptions options = options_of(name);
    if (options.durability == Durability::memory || options_.store == nullptr) return DurableLogRef();
    const auto stored = open_stored(name, options, IfMissing::none);
    if (!stored) return stored.error();
    if (*stored == nullptr) return DurableLogRef();
  }
  return get(name, IfMissing::none);
}

DurableLogRef LogDirectory::peek(std::string_view name) {
  EntryRef entry;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    entry = entries_.front();
  }
  const std::unique_lock lock(entry->mutex, std::try_to_lock);
  const bool is_there = lock.owns_lock() && entry->log != nullptr && !entry->log->is_removed();
  return is_there ? entry->log : nullptr;
}

Result<DurableLogRef> LogDirectory::get(std::string_view name, IfMissing missing) {
  for (;;) {
    const EntryRef entry = enter(name);
    if (entry == nullptr) return make_error(errc::too_many_logs);
    const std::lock_guard lock(entry->mutex);
    if (entry->is_left) continue;
    if (entry->log != nullptr) {
      if (!entry->log->is_removed()) return entry->log;
      entry->is_left = true;
      leave(entry);
      continue;
    }
    auto loaded = load(entry->name, missing);
    if (loaded && *loaded != nullptr) {
      entry->log = *loaded;
    } else {
      entry->is_left = true;
      leave(entry);
    }
    return loaded;
  }
}

Result<DurableLogRef> LogDirectory::load(const std::string& name, IfMissing missing) {
  const LogOptions options = options_of(name);
  const bool is_stored = options.durability != Durability::memory;
  if (!is_stored && missing == IfMissing::none) return DurableLogRef();
  auto log = is_stored ? load_stored(name, options, missing)
                       : DurableLog::load(name, options, nullptr, *options_.clock);
  if (log && *log != nullptr && on_visible_ != nullptr)
    (*log)->set_on_visible([hook = on_visible_, name] { (*hook)(name); });
  return log;
}

Result<DurableLogRef> LogDirectory::load_stored(const std::string& name, const LogOptions& options,
                                                IfMissing missing) {
  auto stored = open_stored(name, options, missing);
  if (!stored) return stored.error();
  if (*stored == nullptr) return DurableLogRef();
  (*stored)->trim();
  return DurableLog::load(name, options, std::move(*stored), *options_.clock);
}

Result<StoredLogRef> LogDirectory::open_stored(std::string_view name, const LogOptions& options,
                                               IfMissing missing) {
  if (options_.store == nullptr) return make_error(errc::no_store);
  return options_.store->open(name, {.durability = options.durability, .history = options.history}, missing);
}

LogOptions LogDirectory::options_of(std::string_view name) const {
  return options_.resolve ? options_.resolve(name) : LogOptions{};
}

bool LogDirectory::is_here(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  return by_name_.count(name) != 0;
}

LogDirectory::EntryRef LogDirectory::enter(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (!make_room()) return nullptr;
  entries_.push_front(std::make_shared<Entry>(name));
  by_name_.emplace(entries_.front()->name, entries_.begin());
  return entries_.front();
}

void LogDirectory::leave(const EntryRef& entry) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(entry->name);
  if (found != by_name_.end() && *found->second == entry) erase(found->second);
}

void LogDirectory::erase(Entries::iterator place) {
  by_name_.erase((*place)->name);
  entries_.erase(place);
}

// Those in use are put in front again, so that the next search goes on behind them.
bool LogDirectory::make_room() {
  for (std::size_t looked_at = 0; looked_at < kMaxLookedAt && !entries_.empty(); ++looked_at) {
    if (entries_.size() < options_.max_logs && memory_ <= options_.max_bytes) return true;
    const auto last = std::prev(entries_.end());
    const EntryRef entry = *last;
    std::unique_lock lock(entry->mutex, std::try_to_lock);
    if (lock.owns_lock() && entry->log != nullptr && may_go(entry->log)) {
      entry->is_left = true;
      const bool is_kept = entry->log->options().durability != Durability::memory;
      if (!is_kept && options_.on_lost) options_.on_lost(entry->name);
      const std::size_t freed = entry->log->memory();
      memory_ -= std::min(freed, memory_);
      entry->log.reset();
      erase(last);
    } else {
      entries_.splice(entries_.begin(), entries_, last);
    }
  }
  return entries_.size() < options_.max_logs && memory_ <= options_.max_bytes;
}

void LogDirectory::remove(std::string_view name, Function<void(Result<void>)> done) {
  if (options_.on_lost) options_.on_lost(name);
  if (options_.store == nullptr || options_of(name).durability == Durability::memory) {
    forget(name);
    if (done) done({});
    return;
  }
  // The store first: what is opened from here on is a new log, also before forget() is through.
  options_.store->remove(name, std::move(done));
  forget(name);
}

void LogDirectory::forget(std::string_view name) {
  EntryRef entry;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return;
    entry = *found->second;
  }
  const std::lock_guard lock(entry->mutex);
  if (entry->log == nullptr) return;
  if (entry->log->options().durability == Durability::memory) entry->log->mark_removed();
  if (!entry->log->is_removed()) return;  // a new one already, or the store refused
  entry->is_left = true;
  leave(entry);
}

void LogDirectory::sweep() {
  std::vector<EntryRef> entries;
  {
    const std::lock_guard lock(mutex_);
    entries.assign(entries_.begin(), entries_.end());
  }
  std::size_t memory = 0;
  for (const EntryRef& entry : entries) {
    DurableLogRef log;
    {
      const std::lock_guard lock(entry->mutex);
      log = entry->log;
    }
    if (log == nullptr) continue;
    log->expire();
    memory += log->memory();
  }
  entries.clear();
  const std::lock_guard lock(mutex_);
  memory_ = memory;
  for (std::size_t round = 0; memory_ > options_.max_bytes && round * kMaxLookedAt < entries_.size();
       ++round) {
    if (make_room()) return;
  }
}

std::size_t LogDirectory::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::size_t LogDirectory::memory() const {
  const std::lock_guard lock(mutex_);
  return memory_;
}

}  // namespace naru::store
