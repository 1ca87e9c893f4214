// All logs of a server by name. A log is created by its first publisher; reading never creates one.
//
//   LogDirectory directory({.store = store.get(), .resolve = [](std::string_view name) { return
//   options_of(name); }}); auto log = directory.open("news");                      // for publishing auto
//   seen = directory.find("olds");                     // for reading: null when there is no such log
//
// Any thread. Finding a log that is not in memory reads the disk, on the calling thread, without holding up
// others.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "store/durable_log.hpp"
#include "store/log_store.hpp"

namespace naru::store {

using DurableLogRef = std::shared_ptr<DurableLog>;

struct LogDirectoryOptions {
  // Must outlive the directory and its logs. Null: only Durability::memory logs can be opened.
  LogStore* store = nullptr;
  const base::Clock* clock = &base::system_clock();
  // What the log of this name is to be. Empty: LogOptions{}. Called from any thread.
  Function<LogOptions(std::string_view)> resolve{};
  // A log of this name has messages that were not seen before. Any thread; short.
  Function<void(std::string_view)> on_visible{};
  // A log of this name is about to go for ever: with its messages, or empty and with its numbers. Any thread,
  // under locks of the directory: short, and no call back into it.
  Function<void(std::string_view)> on_lost{};
  // Logs in memory at a time, so that peers' channel names cannot fill it; idle durable ones make room.
  std::size_t max_logs = 10'000;
  // Their bytes together, as of the last sweep(): beyond it no log is added, and idle durable ones leave.
  std::size_t max_bytes = std::size_t{1} << 30;
};

class LogDirectory {
 public:
  explicit LogDirectory(LogDirectoryOptions options);
  ~LogDirectory();

  // The log, created when there is none. Fails with bad_name, too_many_logs, no_store, or what the disk says.
  Result<DurableLogRef> open(std::string_view name);
  // The log, or null when there is none.
  Result<DurableLogRef> find(std::string_view name);
  // The log if it is in memory and nobody is just loading it; null says nothing about whether there is one.
  // Never reads the disk and never waits for somebody who does: for loops.
  DurableLogRef peek(std::string_view name);
  // Deletes it everywhere. `done` as in LogStore::remove. Readers that hold the log may finish what is in
  // memory.
  void remove(std::string_view name, Function<void(Result<void>)> done);

  // Drops what is too old, lets idle logs go when over the limits. Call it now and then (every ten seconds or
  // so).
  void sweep();

  std::size_t size() const;    // logs in memory
  std::size_t memory() const;  // their bytes as of the last sweep

 private:
  struct Entry;
  using EntryRef = std::shared_ptr<Entry>;
  using Entries = std::list<EntryRef>;  // most recently used first

  Result<DurableLogRef> get(std::string_view name, IfMissing missing);
  Result<DurableLogRef> load(const std::string& name, IfMissing missing);
  Result<DurableLogRef> load_stored(const std::string& name, const LogOptions& options, IfMissing missing);
  Result<StoredLogRef> open_stored(std::string_view name, const LogOptions& options, IfMissing missing);
  LogOptions options_of(std::string_view name) const;
  bool is_here(std::string_view name) const;
  EntryRef enter(std::string_view name);
  void leave(const EntryRef& entry);
  void forget(std::string_view name);
  // Both REQUIRE that mutex_ is held.
  void erase(Entries::iterator place);
  bool make_room();

  using Hook = std::shared_ptr<const Function<void(std::string_view)>>;

  LogDirectoryOptions options_;
  Hook on_visible_;  // shared with the logs, which may outlive the directory
  mutable std::mutex mutex_;
  Entries entries_;                                                  // guarded by mutex_
  std::unordered_map<std::string_view, Entries::iterator> by_name_;  // guarded by mutex_
  std::size_t memory_ = 0;                                           // guarded by mutex_
};

}  // namespace naru::store
