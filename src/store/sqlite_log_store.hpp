// The durable LogStore: one SQLite file in WAL mode, one writer thread, group commit.
//
//   auto store = SqliteLogStore::open({.file = "data/naru.db"});
//   if (!store) die(store.error().message());               // "data/naru.db is not a naru store: ..."
//
// The writer commits everything that gathered while the last commit ran as one transaction: the slower the
// disk, the larger the groups; no timer. Readers have connections of their own and never wait for the writer.
// The queue to the writer is bounded in bytes; beyond it append() answers errc::busy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "store/file_lock.hpp"
#include "store/log_store.hpp"

namespace naru::store {

class SqliteLog;
class SqliteWriter;
struct SqliteShared;

struct SqliteOptions {
  std::string file{};  // created when missing; beside it FILE-wal, FILE-shm, FILE.lock
  std::size_t queue_bytes = std::size_t{64} << 20;  // waiting for the disk: a second or two of a busy server
  std::size_t batch_bytes = std::size_t{8} << 20;  // one transaction: keeps the WAL and the commit time small
  std::size_t batch_records = 4096;                // and so does this; at least 1
  std::size_t readers = 4;      // connections for reading, at least 1; more readers at once wait
  int checkpoint_pages = 1000;  // the write-ahead log is folded in when it is 4 MB
  std::string vfs{};            // SQLite's VFS by name; empty: the system's. For tests
  std::string boot_id{};        // what tells one run of the machine from another; empty: ask Linux
  const base::Clock* clock = &base::system_clock();
};

class SqliteLogStore final : public LogStore {
 public:
  // Opens or creates the file and starts the writer thread. Errors are sentences that name the file.
  static Result<std::unique_ptr<SqliteLogStore>> open(SqliteOptions options);
  ~SqliteLogStore() override;

  Result<StoredLogRef> open(std::string_view name, const StoredLogOptions& options,
                            IfMissing missing) override;
  Result<std::vector<std::string>> names(std::string_view after, std::size_t limit) override;
  void remove(std::string_view name, Function<void(Result<void>)> done) override;
  void flush() override;

  // How many transactions were committed, for figures.
  std::uint64_t commits() const noexcept;
  // Whoever is called by the writer must not end the store: that waits for the writer.
  bool is_on_writer_thread() const noexcept { return thread_.get_id() == std::this_thread::get_id(); }

 private:
  SqliteLogStore(SqliteOptions options, FileLock lock);
  Result<void> start();
  bool is_being_removed(std::string_view name);  // REQUIRES: logs_mutex_ is held

  const SqliteOptions options_;
  FileLock lock_;
  std::shared_ptr<SqliteShared> shared_;
  std::unique_ptr<SqliteWriter> writer_;
  std::thread thread_;
  std::mutex logs_mutex_;
  std::map<std::string, std::weak_ptr<SqliteLog>, std::less<>> logs_;  // guarded by logs_mutex_
  std::multiset<std::string, std::less<>> being_removed_;              // guarded by logs_mutex_
  std::size_t purge_logs_at_ = 64;                                     // guarded by logs_mutex_
};

}  // namespace naru::store
