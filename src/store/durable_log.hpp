// A named log that any thread may publish to and read from: one short mutex around the tail in memory
// (channel::Log), and the store behind it.
//
//   auto log = directory.open("news");
//   auto at = (*log)->publish(message, "client-7/41", [](Result<Published> stored) { answer(stored); });
//   channel::PublicationRef page[50];
//   auto count = (*log)->read_backward(log_end + 1, page);
//
// All publishers get numbers in one total order. Only what is committed is seen: by readers, by on_visible,
// and by the publisher's own completion. The mutex is never held while a closure runs, a disk is read, or
// bytes are encoded.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "channel/log.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "store/log_options.hpp"
#include "store/log_store.hpp"

namespace naru::store {

struct Published {
  channel::Position position{};
  bool repeated = false;  // the idempotency key was seen before: this is the first one's position
};

class DurableLog final : public StoredLogEvents, public std::enable_shared_from_this<DurableLog> {
 public:
  // Called once: at once by publish() when nothing has to be waited for, else on the store's writer thread.
  // Post it on to where it belongs; do not block.
  using OnCommitted = Function<void(Result<Published>)>;
  // Publishers (first and repeated) that wait for one log's commits: a stuck disk must not gather closures
  // forever.
  static constexpr std::size_t kMaxWaiting = 65'536;

  // `stored` is null for Durability::memory. Brings the newest messages and keys back from the store: reads
  // the disk.
  static Result<std::shared_ptr<DurableLog>> load(std::string name, const LogOptions& options,
                                                  StoredLogRef stored, const base::Clock& clock);
  // Whoever still waits is told errc::closed: whether it was stored is not known.
  ~DurableLog() override;

  const std::string& name() const noexcept { return name_; }
  const LogOptions& options() const noexcept { return options_; }
  const channel::Epoch& epoch() const noexcept { return log_.epoch(); }

  // Numbers the message at once. With an error nothing was taken and `on_committed` is not called; else it is
  // called once, and only its answer means "stored". An empty key means none; may read the disk once when a
  // key is given and the table of keys in memory is not complete. `on_committed` may be empty.
  Result<Published> publish(channel::Message message, std::string_view idempotency_key,
                            OnCommitted on_committed);

  // Whether publish() with this key would read the disk: it may have been used and forgotten in memory.
  bool is_disk_needed_for(std::string_view idempotency_key) const;

  // What can be read now, in memory or on disk.
  channel::Bounds bounds() const;
  channel::Position position() const;  // of the newest visible message
  channel::Recovery resume(const channel::Position& since) const;

  // Visible messages after (before) `offset`, oldest first; as many as come in one piece from memory (64 at
  // most) or from the disk; 0 only when there are no more. A first offset that is not after + 1 means a gap.
  Result<std::size_t> read_forward(std::uint64_t after, std::span<channel::PublicationRef> out);
  Result<std::size_t> read_backward(std::uint64_t before, std::span<channel::PublicationRef> out);
  // The same over memory and disk until `limit` messages or kMaxPageBytes are reached; empty only when there
  // are no more.
  static constexpr std::size_t kMaxPage = 1000;
  static constexpr std::size_t kMaxPageBytes = std::size_t{16} << 20;  // a page is held by its one reader
  Result<std::vector<channel::PublicationRef>> page_after(std::uint64_t after, std::size_t limit);
  Result<std::vector<channel::PublicationRef>> page_before(std::uint64_t before, std::size_t limit);
  // The same from memory alone, for loops: at most channel::Log::kMaxRead.
  struct TailRead {
    bool needs_disk = false;  // what comes next is no longer in memory; nothing was read
    std::size_t count = 0;
    std::uint64_t end = 0;  // the newest visible offset at the same moment
  };
  TailRead read_tail(std::uint64_t after, std::span<channel::PublicationRef> out) const;
  // True when read_forward(after) will not touch the disk; a loop may then call it itself.
  bool is_in_memory_after(std::uint64_t after) const;

  // Called, outside the mutex, whenever the visible end has moved, on the thread that moved it; possibly on
  // two threads at once. One closure per log; an empty one ends it (a call already running may still finish).
  void set_on_visible(Function<void()> on_visible);

  // Drops what is too old, in memory now and on disk soon.
  void expire();
  // No publisher waits for a commit.
  bool is_idle() const;
  // Nothing is kept in memory, not even a key.
  bool is_empty() const;
  std::size_t memory() const;

  void on_committed(std::uint64_t offset) override;
  void on_failed(std::uint64_t from, const Error& reason) override;

  // The log was deleted: publishing fails with errc::removed from now on. Reading goes on until released.
  void mark_removed() noexcept { is_removed_ = true; }
  // It was deleted, here or in the store.
  bool is_removed() const { return is_removed_ || (stored_ != nullptr && stored_->is_removed()); }

 private:
  struct Waiting {
    Published published;
    OnCommitted on_committed;
  };
  using VisibleHook = std::shared_ptr<const Function<void()>>;

  DurableLog(std::string name, const LogOptions& options, StoredLogRef stored, const base::Clock& clock);
  Result<void> restore();
  Result<std::optional<std::uint64_t>> find_forgotten_key(std::string_view key,
                                                          std::unique_lock<std::mutex>& lock);
  Result<Published> answer_repeat(std::uint64_t offset, OnCommitted on_committed,
                                  std::unique_lock<std::mutex>& lock);
  Result<Published> append(channel::Message message, std::string_view idempotency_key,
                           OnCommitted on_committed, std::unique_lock<std::mutex>& lock);
  bool has_all_keys() const {
    return stored_ == nullptr || (keys_are_complete_ && log_.keys().forgotten_through() == 0);
  }
  channel::Bounds bounds_locked() const;

  const std::string name_;
  const LogOptions options_;
  const StoredLogRef stored_;
  const base::Clock& clock_;

  mutable std::mutex mutex_;
  channel::Log log_;                               // guarded by mutex_
  std::multimap<std::uint64_t, Waiting> waiting_;  // by offset; guarded by mutex_
  VisibleHook on_visible_;                         // guarded by mutex_
  bool keys_are_complete_ = true;                  // set while loading only
  std::atomic<bool> is_removed_{false};
};

}  // namespace naru::store
