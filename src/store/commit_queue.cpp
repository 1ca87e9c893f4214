#include "store/commit_queue.hpp"

#include <utility>

#include "store/errc.hpp"

namespace naru::store {

Result<void> CommitQueue::push(Job job, std::size_t cost) {
  cost += kJobOverhead;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return make_error(errc::closed);
    if (bytes_ != 0 && bytes_ + cost > max_bytes_) return make_error(errc::busy);
    bytes_ += cost;
    waiting_.push_back({std::move(job), cost});
  }
  has_work_.notify_one();
  return {};
}

Result<void> CommitQueue::push_always(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return make_error(errc::closed);
    waiting_.push_back({std::move(job), 0});
  }
  has_work_.notify_one();
  return {};
}

bool CommitQueue::take(std::vector<Job>& batch, std::size_t max_records, std::size_t max_bytes) {
  std::unique_lock lock(mutex_);
  has_work_.wait(lock, [this] { return !waiting_.empty() || is_closed_; });
  std::size_t taken = 0;
  while (!waiting_.empty() && batch.size() < max_records && taken < max_bytes) {
    taken += waiting_.front().cost;
    batch.push_back(std::move(waiting_.front().job));
    waiting_.pop_front();
  }
  bytes_ -= taken;
  return !batch.empty();
}

void CommitQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  has_work_.notify_all();
}

}  // namespace naru::store
