#include "store/sqlite_log_store.hpp"

#include <fstream>
#include <future>
#include <utility>

#include "store/errc.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_log.hpp"
#include "store/sqlite_writer.hpp"

namespace naru::store {
namespace {

// One text for each start of the machine; empty where the kernel does not tell.
std::string read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace

Result<std::unique_ptr<SqliteLogStore>> SqliteLogStore::open(SqliteOptions options) {
  if (options.boot_id.empty()) options.boot_id = read_boot_id();
  auto lock = FileLock::take(options.file + ".lock");
  if (!lock) return lock.error();
  std::unique_ptr<SqliteLogStore> store(new SqliteLogStore(std::move(options), std::move(*lock)));
  if (auto started = store->start(); !started) return started.error();
  return store;
}

SqliteLogStore::SqliteLogStore(SqliteOptions options, FileLock lock)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      shared_(std::make_shared<SqliteShared>(options_)) {}

Result<void> SqliteLogStore::start() {
  auto database = open_sqlite_for_writing(options_);
  if (!database) return database.error();
  try {
    begin_run(**database, options_.boot_id);
    writer_ = std::make_unique<SqliteWriter>(std::move(*database), options_.file, *options_.clock);
  } catch (const SQLite::Exception& exception) {
    return to_error(exception, "cannot use " + options_.file);
  }
  thread_ =
      std::thread([this] { writer_->run(shared_->queue, options_.batch_records, options_.batch_bytes); });
  return {};
}

SqliteLogStore::~SqliteLogStore() {
  shared_->queue.close();
  if (thread_.joinable()) thread_.join();
  shared_->readers.close();
  if (writer_ != nullptr) writer_->close();
}

Result<StoredLogRef> SqliteLogStore::open(std::string_view name, const StoredLogOptions& options,
                                          IfMissing missing) {
  if (!is_log_name(name)) return make_error(errc::bad_name);
  const std::lock_guard lock(logs_mutex_);
  const auto held = logs_.find(name);
  if (held != logs_.end()) {
    if (auto log = held->second.lock()) {
      log->set_options(options);
      return StoredLogRef(std::move(log));
    }
  }
  std::optional<SqliteReader::Found> found;
  if (!is_being_removed(name)) {
    const auto reader = shared_->readers.lease();
    if (!reader) return reader.error();
    auto looked_up = (*reader)->find_log(name);
    if (!looked_up) return looked_up.error();
    found = *looked_up;
  }
  if (!found && missing == IfMissing::none) return StoredLogRef();
  if (!found) found = SqliteReader::Found{new_epoch(), {}};
  auto log = std::make_shared<SqliteLog>(std::string(name), found->epoch, options, found->row, shared_);
  logs_.insert_or_assign(std::string(name), log);
  if (logs_.size() >= purge_logs_at_) {
    std::erase_if(logs_, [](const auto& entry) { return entry.second.expired(); });
    purge_logs_at_ = 2 * logs_.size() + 64;
  }
  return StoredLogRef(std::move(log));
}

bool SqliteLogStore::is_being_removed(std::string_view name) {
  return being_removed_.find(name) != being_removed_.end();
}

Result<std::vector<std::string>> SqliteLogStore::names(std::string_view after, std::size_t limit) {
  std::vector<std::string> names;
  std::string last;
  while (names.size() < limit) {
    const auto reader = shared_->readers.lease();
    if (!reader) return reader.error();
    const auto page = (*reader)->names(after, limit - names.size());
    if (!page) return page.error();
    if (page->empty()) break;
    const std::lock_guard lock(logs_mutex_);
    for (const std::string& name : *page) {
      if (!is_being_removed(name)) names.push_back(name);
    }
    last = page->back();
    after = last;
  }
  return names;
}

void SqliteLogStore::remove(std::string_view name, Function<void(Result<void>)> done) {
  std::shared_ptr<SqliteLog> log;
  Result<void> pushed;
  // The closure is shared, because a push that fails does not give its job back.
  const auto answer = std::make_shared<Function<void(Result<void>)>>(std::move(done));
  {
    const std::lock_guard lock(logs_mutex_);
    const auto held = logs_.find(name);
    if (held != logs_.end()) log = held->second.lock();
    RemoveJob job{std::string(name), log, [this, answer, name = std::string(name)](Result<void> result) {
                    {
                      const std::lock_guard relock(logs_mutex_);
                      being_removed_.erase(being_removed_.find(name));
                    }
                    if (*answer) (*answer)(std::move(result));
                  }};
    pushed = shared_->queue.push(std::move(job), name.size());
    if (pushed) {
      being_removed_.emplace(name);
      if (held != logs_.end()) logs_.erase(held);
      if (log != nullptr) log->mark_removed();
    }
  }
  if (!pushed && *answer) (*answer)(std::move(pushed));
}

void SqliteLogStore::flush() {
  std::promise<void> told;
  if (shared_->queue.push_always(FlushJob{[&told] { told.set_value(); }})) told.get_future().wait();
}

std::uint64_t SqliteLogStore::commits() const noexcept {
  return writer_->commits();
}

}  // namespace naru::store
