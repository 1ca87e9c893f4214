#include "store/durable_log.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "store/errc.hpp"

namespace naru::store {

using channel::PublicationRef;

Result<std::shared_ptr<DurableLog>> DurableLog::load(std::string name, const LogOptions& options,
                                                     StoredLogRef stored, const base::Clock& clock) {
  assert((stored == nullptr) == (options.durability == Durability::memory));
  std::shared_ptr<DurableLog> log(new DurableLog(std::move(name), options, std::move(stored), clock));
  if (log->stored_ != nullptr) {
    if (auto restored = log->restore(); !restored) return restored.error();
    log->stored_->set_events(log->weak_from_this());
  }
  return log;
}

DurableLog::DurableLog(std::string name, const LogOptions& options, StoredLogRef stored,
                       const base::Clock& clock)
    : name_(std::move(name)),
      options_(options),
      stored_(std::move(stored)),
      clock_(clock),
      log_(stored_ == nullptr ? new_epoch() : stored_->epoch(), options.tail,
           stored_ == nullptr ? 0 : stored_->bounds().end) {}

DurableLog::~DurableLog() {
  for (auto& [offset, waiting] : waiting_)
    waiting.on_committed(make_error(errc::closed));
}

Result<void> DurableLog::restore() {
  std::vector<PublicationRef> newest_first;
  std::size_t bytes = 0;
  std::uint64_t before = log_.bounds().end + 1;
  std::array<PublicationRef, 256> page;
  while (newest_first.size() < options_.tail.count && bytes < options_.tail.bytes) {
    const auto count = stored_->read_backward(before, page);
    if (!count) return count.error();
    if (*count == 0) break;
    for (std::size_t i = *count; i-- > 0;) {
      bytes += page[i]->cost();
      newest_first.push_back(std::move(page[i]));
    }
    before = newest_first.back()->position.offset;
  }
  for (auto next = newest_first.rbegin(); next != newest_first.rend(); ++next)
    log_.restore(std::move(*next));

  const std::size_t wanted = options_.tail.keys;
  auto keys = stored_->newest_keys(wanted + 1);
  if (!keys) return keys.error();
  keys_are_complete_ = keys->size() <= wanted;
  const base::TimePoint now = clock_.now();
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.wall().time_since_epoch());
  for (const KeptKey& kept : *keys) {
    const auto ago = std::max(wall - std::chrono::milliseconds(kept.wall_ms), std::chrono::milliseconds(0));
    log_.restore_key(kept.key, kept.offset, now - ago);
  }
  log_.expire(now);
  return {};
}

Result<Published> DurableLog::publish(channel::Message message, std::string_view idempotency_key,
                                      OnCommitted on_committed) {
  if (const auto fault = channel::find_fault(message))
    return make_error(errc::bad_message, std::string(*fault));
  if (idempotency_key.size() > channel::kMaxIdempotencyKeySize) {
    return make_error(errc::bad_message, "the idempotency key is longer than 200 bytes");
  }
  std::unique_lock lock(mutex_);
  if (!idempotency_key.empty()) {
    if (const auto seen = log_.keys().find(idempotency_key))
      return answer_repeat(*seen, std::move(on_committed), lock);
    if (!has_all_keys()) {
      const auto found = find_forgotten_key(idempotency_key, lock);
      if (!found) return found.error();
      if (*found) return answer_repeat(**found, std::move(on_committed), lock);
    }
  }
  return append(std::move(message), idempotency_key, std::move(on_committed), lock);
}

bool DurableLog::is_disk_needed_for(std::string_view idempotency_key) const {
  if (idempotency_key.empty()) return false;
  const std::lock_guard lock(mutex_);
  return !log_.keys().find(idempotency_key) && !has_all_keys();
}

// A key may be appended, committed and pushed out of memory by others while we look on disk; only then we
// look again.
Result<std::optional<std::uint64_t>> DurableLog::find_forgotten_key(std::string_view key,
                                                                    std::unique_lock<std::mutex>& lock) {
  for (;;) {
    const std::uint64_t known_end = log_.reserved_end();
    lock.unlock();
    auto on_disk = stored_->find_key(key);
    lock.lock();
    if (!on_disk) return on_disk.error();
    if (const auto seen = log_.keys().find(key)) return seen;
    if (*on_disk || log_.keys().forgotten_through() <= known_end) return on_disk;
  }
}

Result<Published> DurableLog::answer_repeat(std::uint64_t offset, OnCommitted on_committed,
                                            std::unique_lock<std::mutex>& lock) {
  const Published published{{log_.epoch(), offset}, true};
  if (!on_committed) return published;
  if (offset > log_.bounds().end) {
    if (waiting_.size() >= kMaxWaiting) return make_error(errc::busy);
    waiting_.emplace(offset, Waiting{published, std::move(on_committed)});
    return published;
  }
  lock.unlock();
  on_committed(published);
  return published;
}

Result<Published> DurableLog::append(channel::Message message, std::string_view idempotency_key,
                                     OnCommitted on_committed, std::unique_lock<std::mutex>& lock) {
  if (is_removed_) return make_error(errc::removed);
  if (waiting_.size() >= kMaxWaiting) return make_error(errc::busy);
  const auto [offset, repeated, publication] =
      log_.append(std::move(message), idempotency_key, clock_.now(), clock_.wall());
  if (publication->cost() > options_.tail.bytes) {
    log_.fail_from(offset);
    return make_error(errc::bad_message, "the message is larger than all that this log keeps");
  }
  const Published published{publication->position, repeated};
  AppendStatus status = AppendStatus::committed;
  if (stored_ != nullptr) {
    const auto answer = stored_->append(publication, std::string(idempotency_key));
    if (!answer) {
      log_.fail_from(offset);
      return answer.error();
    }
    status = *answer;
  }
  if (status == AppendStatus::queued) {
    if (on_committed) waiting_.emplace(offset, Waiting{published, std::move(on_committed)});
    return published;
  }
  log_.commit_through(offset, clock_.now());
  const VisibleHook hook = on_visible_;
  lock.unlock();
  if (on_committed) on_committed(published);
  if (hook) (*hook)();
  return published;
}

void DurableLog::on_committed(std::uint64_t offset) {
  std::vector<Waiting> done;
  VisibleHook hook;
  {
    const std::lock_guard lock(mutex_);
    log_.commit_through(offset, clock_.now());
    const auto end = waiting_.upper_bound(offset);
    for (auto next = waiting_.begin(); next != end; ++next)
      done.push_back(std::move(next->second));
    waiting_.erase(waiting_.begin(), end);
    hook = on_visible_;
  }
  for (const Waiting& waiting : done)
    waiting.on_committed(waiting.published);
  if (hook) (*hook)();
}

void DurableLog::on_failed(std::uint64_t from, const Error& reason) {
  std::vector<Waiting> failed;
  {
    const std::lock_guard lock(mutex_);
    log_.fail_from(from);
    const auto begin = waiting_.lower_bound(from);
    for (auto next = begin; next != waiting_.end(); ++next)
      failed.push_back(std::move(next->second));
    waiting_.erase(begin, waiting_.end());
  }
  for (const Waiting& waiting : failed)
    waiting.on_committed(reason);
}

channel::Bounds DurableLog::bounds() const {
  const channel::Bounds stored =
      stored_ == nullptr ? channel::Bounds{channel::Position::kMaxOffset, 0} : stored_->bounds();
  const std::lock_guard lock(mutex_);
  const channel::Bounds tail = log_.bounds();
  // The store may be a commit ahead of what may be seen, and may keep less than the tail.
  return {std::min(tail.oldest, stored.oldest), tail.end};
}

channel::Position DurableLog::position() const {
  const std::lock_guard lock(mutex_);
  return log_.position();
}

channel::Recovery DurableLog::resume(const channel::Position& since) const {
  return channel::resume(log_.epoch(), bounds(), since);
}

Result<std::size_t> DurableLog::read_forward(std::uint64_t after, std::span<PublicationRef> out) {
  std::uint64_t visible_end = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto [oldest, end] = log_.bounds();
    if (after >= end || stored_ == nullptr || after + 1 >= oldest) return log_.read_forward(after, out);
    visible_end = end;
  }
  const auto count = stored_->read_forward(after, out);
  if (!count) return count;
  std::size_t seen = *count;
  while (seen > 0 && out[seen - 1]->position.offset > visible_end)
    out[--seen].reset();
  if (seen > 0) return seen;
  const std::lock_guard lock(mutex_);
  return log_.read_forward(after, out);
}

Result<std::size_t> DurableLog::read_backward(std::uint64_t before, std::span<PublicationRef> out) {
  {
    const std::lock_guard lock(mutex_);
    if (before > log_.bounds().end + 1) before = log_.bounds().end + 1;
    const std::size_t count = log_.read_backward(before, out);
    if (count > 0 || stored_ == nullptr) return count;
  }
  return stored_->read_backward(before, out);
}

Result<std::vector<PublicationRef>> DurableLog::page_after(std::uint64_t after, std::size_t limit) {
  std::vector<PublicationRef> page(std::min(limit, kMaxPage));
  std::size_t filled = 0;
  std::size_t bytes = 0;
  while (filled < page.size() && bytes < kMaxPageBytes) {
    const auto count = read_forward(after, std::span(page).subspan(filled));
    if (!count) return count.error();
    if (*count == 0) break;
    for (std::size_t i = 0; i < *count; ++i)
      bytes += page[filled + i]->cost();
    filled += *count;
    after = page[filled - 1]->position.offset;
  }
  page.resize(filled);
  return page;
}

Result<std::vector<PublicationRef>> DurableLog::page_before(std::uint64_t before, std::size_t limit) {
  std::vector<PublicationRef> page(std::min(limit, kMaxPage));
  std::size_t left = page.size();  // filled from the back: page[left..] is done
  std::size_t bytes = 0;
  while (left > 0 && bytes < kMaxPageBytes) {
    const auto count = read_backward(before, std::span(page).first(left));
    if (!count) return count.error();
    if (*count == 0) break;
    std::move_backward(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(*count),
                       page.begin() + static_cast<std::ptrdiff_t>(left));
    left -= *count;
    for (std::size_t i = 0; i < *count; ++i)
      bytes += page[left + i]->cost();
    before = page[left]->position.offset;
  }
  page.erase(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(left));
  return page;
}

DurableLog::TailRead DurableLog::read_tail(std::uint64_t after, std::span<PublicationRef> out) const {
  const std::lock_guard lock(mutex_);
  const auto [oldest, end] = log_.bounds();
  if (stored_ != nullptr && after < end && after + 1 < oldest) return {true, 0, end};
  return {false, log_.read_forward(after, out), end};
}

bool DurableLog::is_in_memory_after(std::uint64_t after) const {
  const std::lock_guard lock(mutex_);
  return stored_ == nullptr || after >= log_.bounds().end || after + 1 >= log_.bounds().oldest;
}

void DurableLog::set_on_visible(Function<void()> on_visible) {
  VisibleHook hook;
  if (on_visible) hook = std::make_shared<const Function<void()>>(std::move(on_visible));
  const std::lock_guard lock(mutex_);
  on_visible_.swap(hook);
}

void DurableLog::expire() {
  {
    const std::lock_guard lock(mutex_);
    log_.expire(clock_.now());
  }
  if (stored_ != nullptr) stored_->trim();
}

bool DurableLog::is_idle() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() && !log_.has_pending();
}

bool DurableLog::is_empty() const {
  const std::lock_guard lock(mutex_);
  return log_.reserved_end() < log_.bounds().oldest && log_.keys().size() == 0;
}

std::size_t DurableLog::memory() const {
  const std::lock_guard lock(mutex_);
  return sizeof(*this) + log_.memory();
}

}  // namespace naru::store
