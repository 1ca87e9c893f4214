// Connections that only read, a few for all threads: in WAL mode they never wait for the writer, nor it for
// them.
//
//   auto reader = readers.lease();
//   if (!reader) return reader.error();
//   return (*reader)->read_forward(row.id, epoch, after, out);
//
#pragma once

#include <SQLiteCpp/Statement.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "channel/message.hpp"
#include "channel/recovery.hpp"
#include "naru/result.hpp"
#include "store/log_store.hpp"
#include "store/sqlite_file.hpp"

namespace naru::store {

// What the table `log` says of one log.
struct LogRow {
  std::int64_t id = 0;  // 0: not on disk yet
  channel::Bounds bounds{};
  std::uint64_t bytes = 0;
};

// One connection with its statements kept prepared. One thread at a time. Each call ends its read, because a
// read that stays open stops the write-ahead log from shrinking.
class SqliteReader {
 public:
  SqliteReader(SqliteDatabase database, const base::Clock& clock);

  struct Found {
    channel::Epoch epoch;
    LogRow row;
  };
  Result<std::optional<Found>> find_log(std::string_view name);
  Result<std::vector<std::string>> names(std::string_view after, std::size_t limit);
  Result<std::size_t> read_forward(std::int64_t log, const channel::Epoch& epoch, std::uint64_t after,
                                   std::span<channel::PublicationRef> out);
  Result<std::size_t> read_backward(std::int64_t log, const channel::Epoch& epoch, std::uint64_t before,
                                    std::span<channel::PublicationRef> out);
  Result<std::optional<std::uint64_t>> find_key(std::int64_t log, std::string_view key);
  Result<std::vector<KeptKey>> newest_keys(std::int64_t log, std::size_t limit);

 private:
  std::size_t fill(SQLite::Statement& rows, const channel::Epoch& epoch,
                   std::span<channel::PublicationRef> out);

  SqliteDatabase database_;  // before the statements: they end first
  const base::Clock& clock_;
  SQLite::Statement find_log_;
  SQLite::Statement names_;
  SQLite::Statement forward_;
  SQLite::Statement backward_;
  SQLite::Statement find_key_;
  SQLite::Statement newest_keys_;
};

class SqliteReaders {
 public:
  explicit SqliteReaders(const SqliteOptions& options) : options_(options) {}

  class Lease {
   public:
    Lease(SqliteReaders& readers, std::unique_ptr<SqliteReader> reader)
        : readers_(&readers), reader_(std::move(reader)) {}
    Lease(Lease&&) noexcept = default;
    ~Lease() {
      if (reader_ != nullptr) readers_->give_back(std::move(reader_));
    }
    SqliteReader* operator->() const { return reader_.get(); }

   private:
    SqliteReaders* readers_;
    std::unique_ptr<SqliteReader> reader_;
  };

  // A free connection; opened at first use, waited for when all are out. errc::closed after close().
  Result<Lease> lease();
  // Waits for those that are out and ends all connections.
  void close();

 private:
  void give_back(std::unique_ptr<SqliteReader> reader);

  const SqliteOptions options_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<SqliteReader>> free_;  // guarded by mutex_
  std::size_t out_ = 0;                              // guarded by mutex_
  bool is_closed_ = false;                           // guarded by mutex_
};

}  // namespace naru::store
