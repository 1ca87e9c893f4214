// One log of a SqliteLogStore: what is known of it without asking the disk, and the way to the queue and the
// readers.
//
// Made by SqliteLogStore::open, told by the writer. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "store/commit_queue.hpp"
#include "store/log_store.hpp"
#include "store/sqlite_readers.hpp"

namespace naru::store {

// What the logs share with their store, which may go first.
struct SqliteShared {
  SqliteShared(const SqliteOptions& options) : queue(options.queue_bytes), readers(options) {}
  CommitQueue queue;
  SqliteReaders readers;
};

class SqliteLog final : public StoredLog, public std::enable_shared_from_this<SqliteLog> {
 public:
  SqliteLog(std::string name, const channel::Epoch& epoch, const StoredLogOptions& options, const LogRow& row,
            std::shared_ptr<SqliteShared> shared);

  const std::string& name() const noexcept override { return name_; }
  const channel::Epoch& epoch() const noexcept override { return epoch_; }
  channel::Bounds bounds() const override { return row().bounds; }
  void set_events(std::weak_ptr<StoredLogEvents> events) override;
  Result<AppendStatus> append(channel::PublicationRef publication, std::string idempotency_key) override;
  Result<std::size_t> read_forward(std::uint64_t after, std::span<channel::PublicationRef> out) override;
  Result<std::size_t> read_backward(std::uint64_t before, std::span<channel::PublicationRef> out) override;
  Result<std::optional<std::uint64_t>> find_key(std::string_view key) override;
  Result<std::vector<KeptKey>> newest_keys(std::size_t limit) override;
  bool is_removed() const override { return is_removed_; }
  void trim() override;

  StoredLogOptions options() const;
  void set_options(const StoredLogOptions& options);
  void mark_removed() noexcept { is_removed_ = true; }

  // For the writer thread.
  LogRow row() const;
  void set_row(const LogRow& row);
  std::shared_ptr<StoredLogEvents> events() const;
  void trim_is_done() noexcept { is_trim_queued_ = false; }

 private:
  const std::string name_;
  const channel::Epoch epoch_;
  const std::shared_ptr<SqliteShared> shared_;
  mutable std::mutex mutex_;
  StoredLogOptions options_;               // guarded by mutex_
  LogRow row_;                             // guarded by mutex_; what is committed
  std::weak_ptr<StoredLogEvents> events_;  // guarded by mutex_
  std::atomic<bool> is_removed_{false};
  std::atomic<bool> is_trim_queued_{false};
};

}  // namespace naru::store
