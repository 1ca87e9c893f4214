// The seam behind durable logs: where numbered messages are kept, and read back when memory no longer has
// them.
//
//   std::unique_ptr<LogStore> store = ...;                            // SqliteLogStore, MemoryLogStore
//   auto log = store->open("news", {.durability = Durability::power}, IfMissing::create);
//   (*log)->set_events(owner);
//   auto status = (*log)->append(publication, "client-7/41");         // committed, or queued: owner is told
//
// Every implementation runs tests/contract/log_store_contract.hpp. The contract of numbers:
//  - the caller numbers; offsets of a log come without holes, in order, from bounds().end + 1 on. The caller
//    appends under its own lock, so that the order of append() calls is the order of numbers;
//  - when a commit fails, on_failed(from) voids every offset >= from that was appended before on_failed
//  returned,
//    also those still queued: nothing more is said about them. The next append must be `from` again;
//  - message, position and idempotency key are one transaction. The caller has made sure that the key is not
//    remembered; of two equal ones the newest would win.
//
// Any thread may call any method. Events come on the store's writer thread, one at a time, and must be short;
// they may append, but not read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "channel/message.hpp"
#include "channel/position.hpp"
#include "channel/recovery.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "store/log_options.hpp"

namespace naru::store {

inline constexpr std::size_t kMaxLogName = 256;  // a channel's path; it is a key in memory and on disk

class StoredLogEvents {
 public:
  virtual ~StoredLogEvents() = default;
  // Everything up to `offset` is committed.
  virtual void on_committed(std::uint64_t offset) = 0;
  // Nothing from `from` on is stored.
  virtual void on_failed(std::uint64_t from, const Error& reason) = 0;
};

// An idempotency key that is still remembered, with the wall time of its message in milliseconds since 1970.
struct KeptKey {
  std::string key;
  std::uint64_t offset = 0;
  std::int64_t wall_ms = 0;
};

enum class AppendStatus { committed, queued };

struct StoredLogOptions {
  Durability durability = Durability::power;
  HistoryLimits history{};
};

class StoredLog {
 public:
  // A page read from the store stops after this many bytes (but has one message at least), because it is
  // copied.
  static constexpr std::size_t kMaxPageBytes = std::size_t{4} << 20;

  virtual ~StoredLog() = default;

  virtual const std::string& name() const noexcept = 0;
  virtual const channel::Epoch& epoch() const noexcept = 0;
  // What is committed and kept.
  virtual channel::Bounds bounds() const = 0;

  // Who is told about queued appends; held weakly. Set it before the first append.
  virtual void set_events(std::weak_ptr<StoredLogEvents> events) = 0;
  // `committed`: it is done and no event follows. `queued`: an event follows. An error: nothing was taken,
  // the number is free. Never waits for the disk.
  virtual Result<AppendStatus> append(channel::PublicationRef publication, std::string idempotency_key) = 0;

  // Committed messages after (before) `offset`, oldest first; returns how many, 0 only when there are no
  // more. Forward gives those nearest after, backward those nearest before. Reads the disk on the calling
  // thread (tens of microseconds when cached). Publication::appended is derived from the stored wall time.
  virtual Result<std::size_t> read_forward(std::uint64_t after, std::span<channel::PublicationRef> out) = 0;
  virtual Result<std::size_t> read_backward(std::uint64_t before, std::span<channel::PublicationRef> out) = 0;

  // The offset of the committed message that had this key, if the key is still remembered. Reads the disk.
  virtual Result<std::optional<std::uint64_t>> find_key(std::string_view key) = 0;
  // The newest `limit` keys, oldest first. Reads the disk.
  virtual Result<std::vector<KeptKey>> newest_keys(std::size_t limit) = 0;

  // LogStore::remove() was called for it: nothing can be appended any more.
  virtual bool is_removed() const = 0;
  // Applies the age limit also when nothing is appended. Queued; failures are tried again at the next trim.
  virtual void trim() = 0;
};

using StoredLogRef = std::shared_ptr<StoredLog>;

enum class IfMissing {
  create,  // a log with a fresh epoch; it reaches the disk with its first message
  none,    // null
};

class LogStore {
 public:
  // Commits what is queued, then stops. Logs may outlive it: their calls then fail with errc::closed.
  virtual ~LogStore() = default;

  // One StoredLog per name while anyone holds it. Reads the disk. `options` of a log that is already held
  // change nothing but its limits.
  virtual Result<StoredLogRef> open(std::string_view name, const StoredLogOptions& options,
                                    IfMissing missing) = 0;
  // Names of stored logs in byte order, after `after`, at most `limit`. Reads the disk.
  virtual Result<std::vector<std::string>> names(std::string_view after, std::size_t limit) = 0;
  // Deletes a log with its messages and keys, after what was appended before. From now on open() sees no such
  // log and appends through old references fail with errc::removed. `done` runs on the writer thread (or
  // here).
  virtual void remove(std::string_view name, Function<void(Result<void>)> done) = 0;
  // Waits until everything queued before this call is committed or failed, and its events are delivered.
  virtual void flush() = 0;
};

// 1..kMaxLogName bytes, no NUL.
bool is_log_name(std::string_view name) noexcept;
// A new random epoch.
channel::Epoch new_epoch();

}  // namespace naru::store
