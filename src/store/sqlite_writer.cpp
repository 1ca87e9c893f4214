#include "store/sqlite_writer.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/errc.hpp"

namespace naru::store {
namespace {

constexpr std::int64_t kDeleted = -1;  // LogRow::id of a log that is gone

// Begins and ends with a statement that is ready for use, also when it throws in between.
class Use {
 public:
  explicit Use(SQLite::Statement& statement) : statement_(statement) { statement_.tryReset(); }
  Use(const Use&) = delete;
  ~Use() { statement_.tryReset(); }

 private:
  SQLite::Statement& statement_;
};

std::int64_t as_column(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min(number, channel::Position::kMaxOffset));
}

std::int64_t milliseconds_of(std::chrono::system_clock::time_point wall) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch()).count();
}

// The wall time before which something is older than `age`, in milliseconds since 1970.
std::int64_t older_than(std::chrono::system_clock::time_point now, base::Duration age) {
  const auto now_ms = milliseconds_of(now);
  return now_ms - std::min(std::chrono::duration_cast<std::chrono::milliseconds>(age).count(), now_ms);
}

}  // namespace

SqliteWriter::SqliteWriter(SqliteDatabase database, std::string file, const base::Clock& clock)
    : database_(std::move(database)),
      file_(std::move(file)),
      clock_(clock),
      find_log_(*database_, "SELECT id FROM log WHERE name = ?"),
      insert_log_(*database_,
                  "INSERT INTO log (name, epoch, durability, oldest, end, bytes) VALUES (?, ?, ?, 1, 0, 0)"),
      update_log_(*database_, "UPDATE log SET oldest = ?, end = ?, bytes = ?, durability = ? WHERE id = ?"),
      delete_log_(*database_, "DELETE FROM log WHERE id = ?"),
      insert_message_(*database_,
                      "INSERT INTO message (log, offset, size, wall, kind, event, key, type, sender, data, "
                      "headers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      oldest_messages_(*database_, "SELECT offset, size, wall FROM message WHERE log = ? ORDER BY offset"),
      delete_messages_(*database_, "DELETE FROM message WHERE log = ? AND offset <= ?"),
      insert_key_(*database_,
                  "INSERT OR REPLACE INTO idempotency_key (log, key, offset, wall) VALUES (?, ?, ?, ?)"),
      oldest_keys_(*database_, "SELECT offset, wall FROM idempotency_key WHERE log = ? ORDER BY offset"),
      delete_keys_(*database_, "DELETE FROM idempotency_key WHERE log = ? AND offset <= ?") {}

void SqliteWriter::run(CommitQueue& queue, std::size_t batch_records, std::size_t batch_bytes) {
  std::vector<Job> batch;
  while (queue.take(batch, batch_records, batch_bytes))
    commit(batch);
}

void SqliteWriter::commit(std::vector<Job>& batch) {
  const std::optional<Error> failure = apply_all(batch);
  tell(batch, failure);
  touched_.clear();
  touched_at_.clear();
  batch.clear();
}

std::optional<Error> SqliteWriter::apply_all(std::vector<Job>& batch) {
  const auto is_flush = [](const Job& job) { return std::holds_alternative<FlushJob>(job); };
  if (std::all_of(batch.begin(), batch.end(), is_flush)) return std::nullopt;
  try {
    Durability durability = Durability::process;
    for (const Job& job : batch) {
      if (const auto* append = std::get_if<AppendJob>(&job)) {
        durability = std::max(durability, append->log->options().durability);
      } else if (std::holds_alternative<RemoveJob>(job)) {
        durability = Durability::power;
      }
    }
    require(durability);
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    for (Job& job : batch)
      std::visit([this](auto& one) { apply(one); }, job);
    for (Touched& touched : touched_)
      finish(touched);
    transaction.commit();
    commits_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  } catch (const SQLite::Exception& exception) {
    return to_error(exception, "cannot store into " + file_);
  } catch (const std::exception& exception) {
    return make_error(errc::disk, "cannot store into " + file_ + ": " + exception.what());
  }
}

void SqliteWriter::require(Durability durability) {
  if (durability == synchronous_) return;
  database_->exec(durability == Durability::power ? "PRAGMA synchronous = FULL"
                                                  : "PRAGMA synchronous = NORMAL");
  synchronous_ = durability;
}

SqliteWriter::Touched& SqliteWriter::touch(const std::shared_ptr<SqliteLog>& log) {
  const auto [place, is_new] = touched_at_.emplace(log.get(), touched_.size());
  if (is_new) touched_.push_back({.log = log, .options = log->options(), .row = log->row()});
  return touched_[place->second];
}

void SqliteWriter::apply(AppendJob& job) {
  Touched& touched = touch(job.log);
  const std::uint64_t offset = job.publication->position.offset;
  if (touched.row.id == kDeleted) {
    if (!touched.refused_from) touched.refused_from = offset;
    return;
  }
  // Queued behind a commit that failed: its owner was told with that one (the contract of numbers,
  // log_store.hpp).
  if (offset != touched.row.bounds.end + 1) return;
  if (touched.row.id == 0) create(touched);
  insert(touched, job);
  touched.row.bounds.end = offset;
  touched.row.bytes += job.publication->cost();
  touched.has_changed = true;
  touched.has_appended = true;
}

void SqliteWriter::apply(TrimJob& job) {
  job.log->trim_is_done();
  Touched& touched = touch(job.log);
  if (touched.row.id > 0) touched.has_changed = true;
}

void SqliteWriter::apply(RemoveJob& job) {
  erase(job.name);
  if (job.log != nullptr) touch(job.log).row.id = kDeleted;
}

// A log of this name that still stands there was to be deleted, and that failed: it is not the one to go on
// with.
void SqliteWriter::create(Touched& touched) {
  erase(touched.log->name());
  const Use use(insert_log_);
  insert_log_.bind(1, touched.log->name());
  insert_log_.bind(2, std::string(touched.log->epoch().text()));
  insert_log_.bind(3, static_cast<int>(touched.options.durability));
  insert_log_.exec();
  touched.row.id = database_->getLastInsertRowid();
}

void SqliteWriter::erase(const std::string& name) {
  std::int64_t id = 0;
  {
    const Use use(find_log_);
    find_log_.bind(1, name);
    if (!find_log_.executeStep()) return;
    id = find_log_.getColumn(0).getInt64();
  }
  for (SQLite::Statement* statement : {&delete_messages_, &delete_keys_}) {
    const Use use(*statement);
    statement->bind(1, id);
    statement->bind(2, as_column(channel::Position::kMaxOffset));
    statement->exec();
  }
  const Use use(delete_log_);
  delete_log_.bind(1, id);
  delete_log_.exec();
}

void SqliteWriter::insert(const Touched& touched, const AppendJob& job) {
  const channel::Publication& publication = *job.publication;
  const channel::Message& message = publication.message;
  const std::int64_t offset = as_column(publication.position.offset);
  const std::int64_t wall = milliseconds_of(publication.wall);
  {
    const Use use(insert_message_);
    insert_message_.bind(1, touched.row.id);
    insert_message_.bind(2, offset);
    insert_message_.bind(3, as_column(publication.cost()));
    insert_message_.bind(4, wall);
    insert_message_.bind(5, static_cast<int>(message.kind));
    insert_message_.bindNoCopy(6, message.event);
    insert_message_.bindNoCopy(7, message.key);
    insert_message_.bindNoCopy(8, message.type);
    insert_message_.bindNoCopy(9, message.sender);
    insert_message_.bindNoCopy(10, message.data.data(), static_cast<int>(message.data.size()));
    insert_message_.bindNoCopy(11, message.headers);
    insert_message_.exec();
  }
  if (job.idempotency_key.empty()) return;
  const Use use(insert_key_);
  insert_key_.bind(1, touched.row.id);
  insert_key_.bindNoCopy(2, job.idempotency_key);
  insert_key_.bind(3, offset);
  insert_key_.bind(4, wall);
  insert_key_.exec();
}

void SqliteWriter::finish(Touched& touched) {
  if (!touched.has_changed || touched.row.id <= 0) return;
  trim_messages(touched);
  trim_keys(touched);
  const Use use(update_log_);
  update_log_.bind(1, as_column(touched.row.bounds.oldest));
  update_log_.bind(2, as_column(touched.row.bounds.end));
  update_log_.bind(3, as_column(touched.row.bytes));
  update_log_.bind(4, static_cast<int>(touched.options.durability));
  update_log_.bind(5, touched.row.id);
  update_log_.exec();
}

void SqliteWriter::trim_messages(Touched& touched) {
  const HistoryLimits& limits = touched.options.history;
  channel::Bounds& bounds = touched.row.bounds;
  const bool has_age = limits.age != base::Duration::max();
  const auto kept = [&] { return bounds.end - bounds.oldest + 1; };
  if (kept() <= limits.count && touched.row.bytes <= limits.bytes && !has_age) return;
  const std::int64_t too_old = has_age ? older_than(clock_.wall(), limits.age) : 0;
  std::uint64_t last = 0;
  {
    const Use use(oldest_messages_);
    oldest_messages_.bind(1, touched.row.id);
    while (oldest_messages_.executeStep()) {
      const bool is_too_old = has_age && oldest_messages_.getColumn(2).getInt64() <= too_old;
      if (kept() <= limits.count && touched.row.bytes <= limits.bytes && !is_too_old) break;
      last = static_cast<std::uint64_t>(oldest_messages_.getColumn(0).getInt64());
      const auto size = static_cast<std::uint64_t>(oldest_messages_.getColumn(1).getInt64());
      touched.row.bytes -= std::min(size, touched.row.bytes);
      bounds.oldest = last + 1;
    }
  }
  if (last == 0) return;
  const Use use(delete_messages_);
  delete_messages_.bind(1, touched.row.id);
  delete_messages_.bind(2, as_column(last));
  delete_messages_.exec();
}

void SqliteWriter::trim_keys(const Touched& touched) {
  const HistoryLimits& limits = touched.options.history;
  const channel::Bounds& bounds = touched.row.bounds;
  if (bounds.oldest == 1) return;
  const std::int64_t may_go = older_than(clock_.wall(), limits.key_age);
  const std::uint64_t must_go = bounds.end - std::min(bounds.end, std::max(limits.keys, limits.count));
  std::int64_t last = 0;
  {
    const Use use(oldest_keys_);
    oldest_keys_.bind(1, touched.row.id);
    while (oldest_keys_.executeStep()) {
      const std::int64_t offset = oldest_keys_.getColumn(0).getInt64();
      const bool has_lived =
          offset < as_column(bounds.oldest) && oldest_keys_.getColumn(1).getInt64() <= may_go;
      if (!has_lived && offset > as_column(must_go)) break;
      last = offset;
    }
  }
  if (last == 0) return;
  const Use use(delete_keys_);
  delete_keys_.bind(1, touched.row.id);
  delete_keys_.bind(2, last);
  delete_keys_.exec();
}

void SqliteWriter::tell(std::vector<Job>& batch, const std::optional<Error>& failure) {
  for (const Touched& touched : touched_) {
    const auto events = touched.log->events();
    if (!failure) touched.log->set_row(touched.row);
    if (events == nullptr) continue;
    const std::uint64_t committed_end = touched.log->bounds().end;
    if (failure && touched.has_appended) {
      events->on_failed(committed_end + 1, *failure);
    } else if (touched.has_appended) {
      events->on_committed(committed_end);
    }
    if (touched.refused_from) events->on_failed(*touched.refused_from, make_error(errc::removed));
  }
  for (Job& job : batch) {
    if (auto* removal = std::get_if<RemoveJob>(&job)) {
      removal->done(failure ? Result<void>(*failure) : Result<void>());
    } else if (auto* flush = std::get_if<FlushJob>(&job)) {
      flush->done();
    }
  }
}

void SqliteWriter::close() {
  try {
    mark_closed(*database_);
  } catch (const SQLite::Exception&) {
    // The next start then takes the store for one that was not closed: safe, only more careful.
  }
}

}  // namespace naru::store
