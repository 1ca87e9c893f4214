// A file system for SQLite that can lose power.
//
// It passes everything on to the system's own, and beside that keeps for each file what a disk is sure to
// hold: the bytes at its last sync, and every write since. cut_power() makes all further calls fail; when the
// connections are closed, restore_power() puts onto the real files what such a disk might hold, and SQLite
// can open them again.
//
//   PowerLossVfs vfs("lossy");
//   auto store = SqliteLogStore::open({.file = file, .vfs = "lossy"});
//   ...
//   vfs.cut_power();
//   store->reset();
//   vfs.restore_power(Unsynced::some, seed);
//
// Deterministic for a seed and a sequence of calls. Thread-safe; restore_power() wants no connection open.
// One at a time per name; outlives the connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace naru::test {

// What happens to writes, truncations, creations and deletions that no sync has followed.
enum class Unsynced {
  forgotten,  // none has reached the disk
  some,       // any subset, in 512-byte pieces, in any order
};

class PowerLossVfs {
 public:
  explicit PowerLossVfs(std::string name);
  ~PowerLossVfs();
  PowerLossVfs(const PowerLossVfs&) = delete;
  PowerLossVfs& operator=(const PowerLossVfs&) = delete;

  void cut_power();
  // In the middle of a commit or checkpoint: with the write that makes the count full. 0 forgets the plan.
  void cut_power_after_writes(std::uint64_t writes);
  bool has_power() const;
  void restore_power(Unsynced unsynced, std::uint64_t seed);

  // Faults while the power is on; SQLITE_OK (0) ends them. Writing: SQLITE_FULL, SQLITE_IOERR_WRITE.
  void fail_writes(int sqlite_code);
  // SQLITE_IOERR_FSYNC. What such a sync covered stays unsynced.
  void fail_syncs(int sqlite_code);
  // Called at the begin of each sync of a write-ahead log, without locks held: may block, may cut the power.
  void set_on_log_sync(std::function<void()> on_log_sync);
  // Syncs of write-ahead logs that have succeeded.
  std::uint64_t log_syncs() const;

  struct Disk;

 private:
  std::unique_ptr<Disk> disk_;
};

}  // namespace naru::test
