// What waits for the store's one writer thread: in order, bounded in bytes.
//
//   queue.push(AppendJob{log, publication, key}, cost);       // any thread; errc::busy beyond the limit
//   std::vector<Job> batch;
//   while (queue.take(batch, max_records, max_bytes)) commit(batch);   // the writer
//
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "channel/message.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"

namespace naru::store {

class SqliteLog;

struct AppendJob {
  std::shared_ptr<SqliteLog> log;
  channel::PublicationRef publication;
  std::string idempotency_key;
};
struct TrimJob {
  std::shared_ptr<SqliteLog> log;
};
struct RemoveJob {
  std::string name;
  std::shared_ptr<SqliteLog> log;  // null when nobody holds it
  Function<void(Result<void>)> done;
};
// Called when everything before it has been committed or has failed, and was told.
struct FlushJob {
  Function<void()> done;
};
using Job = std::variant<AppendJob, TrimJob, RemoveJob, FlushJob>;

class CommitQueue {
 public:
  // Beside the bytes that the pusher names: the job itself and its place in the queue.
  static constexpr std::size_t kJobOverhead = 128;

  explicit CommitQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Fails with errc::busy (a job larger than the whole limit is taken when nothing else waits), or
  // errc::closed.
  Result<void> push(Job job, std::size_t cost);
  // The same without a bound, for what cannot pile up: one trim per log, one flush per waiting thread.
  Result<void> push_always(Job job);
  // Waits for jobs and moves the first ones into the empty `batch`: `max_records` at most, and no more once
  // `max_bytes` are reached. False when the queue is closed and empty.
  bool take(std::vector<Job>& batch, std::size_t max_records, std::size_t max_bytes);
  // No further job is accepted; those inside can still be taken.
  void close();

 private:
  struct Waiting {
    Job job;
    std::size_t cost;
  };

  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<Waiting> waiting_;  // guarded by mutex_
  std::size_t bytes_ = 0;        // guarded by mutex_
  bool is_closed_ = false;       // guarded by mutex_
};

}  // namespace naru::store
