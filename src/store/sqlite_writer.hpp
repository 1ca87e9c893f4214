// The only place that writes: applies a batch of jobs as one transaction, then tells the logs' owners.
//
//   SqliteWriter writer(std::move(database), file, clock);
//   writer.run(queue, limits);              // on the writer thread, until the queue is closed and empty
//
// Belongs to one thread. What a batch changes is staged in `touched_` and becomes the logs' known state only
// when the commit has succeeded; a failed commit leaves them as they were.
#pragma once

#include <SQLiteCpp/Statement.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "store/commit_queue.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_log.hpp"

namespace naru::store {

class SqliteWriter {
 public:
  SqliteWriter(SqliteDatabase database, std::string file, const base::Clock& clock);

  void run(CommitQueue& queue, std::size_t batch_records, std::size_t batch_bytes);
  // Applies the jobs, commits, tells the owners; the batch is empty afterwards.
  void commit(std::vector<Job>& batch);
  // Marks a clean end. Nothing may follow.
  void close();

  std::uint64_t commits() const noexcept { return commits_.load(std::memory_order_relaxed); }

 private:
  struct Touched {
    std::shared_ptr<SqliteLog> log;
    StoredLogOptions options;
    LogRow row;  // as it will be once the transaction is committed
    bool has_changed = false;
    bool has_appended = false;
    std::optional<std::uint64_t> refused_from{};  // the log was deleted before this was appended
  };

  std::optional<Error> apply_all(std::vector<Job>& batch);
  void apply(AppendJob& job);
  void apply(TrimJob& job);
  void apply(RemoveJob& job);
  void apply(FlushJob&) {}
  Touched& touch(const std::shared_ptr<SqliteLog>& log);
  void create(Touched& touched);
  void erase(const std::string& name);
  void insert(const Touched& touched, const AppendJob& job);
  void finish(Touched& touched);
  void trim_messages(Touched& touched);
  void trim_keys(const Touched& touched);
  void require(Durability durability);
  void tell(std::vector<Job>& batch, const std::optional<Error>& failure);

  SqliteDatabase database_;  // before the statements: they end first
  const std::string file_;
  const base::Clock& clock_;
  Durability synchronous_ = Durability::power;
  std::atomic<std::uint64_t> commits_{0};

  std::vector<Touched> touched_;  // in the order of first use
  std::unordered_map<const SqliteLog*, std::size_t> touched_at_;

  SQLite::Statement find_log_;
  SQLite::Statement insert_log_;
  SQLite::Statement update_log_;
  SQLite::Statement delete_log_;
  SQLite::Statement insert_message_;
  SQLite::Statement oldest_messages_;
  SQLite::Statement delete_messages_;
  SQLite::Statement insert_key_;
  SQLite::Statement oldest_keys_;
  SQLite::Statement delete_keys_;
};

}  // namespace naru::store
