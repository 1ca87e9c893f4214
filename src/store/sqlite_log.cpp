#include "store/sqlite_log.hpp"

#include <utility>

#include "store/errc.hpp"

namespace naru::store {

SqliteLog::SqliteLog(std::string name, const channel::Epoch& epoch, const StoredLogOptions& options,
                     const LogRow& row, std::shared_ptr<SqliteShared> shared)
    : name_(std::move(name)), epoch_(epoch), shared_(std::move(shared)), options_(options), row_(row) {}

void SqliteLog::set_events(std::weak_ptr<StoredLogEvents> events) {
  const std::lock_guard lock(mutex_);
  events_ = std::move(events);
}

Result<AppendStatus> SqliteLog::append(channel::PublicationRef publication, std::string idempotency_key) {
  if (is_removed_) return make_error(errc::removed);
  const std::size_t cost = publication->cost() + idempotency_key.size();
  const auto pushed = shared_->queue.push(
      AppendJob{shared_from_this(), std::move(publication), std::move(idempotency_key)}, cost);
  if (!pushed) return pushed.error();
  return AppendStatus::queued;
}

Result<std::size_t> SqliteLog::read_forward(std::uint64_t after, std::span<channel::PublicationRef> out) {
  const auto reader = shared_->readers.lease();
  if (!reader) return reader.error();
  return (*reader)->read_forward(row().id, epoch_, after, out);
}

Result<std::size_t> SqliteLog::read_backward(std::uint64_t before, std::span<channel::PublicationRef> out) {
  const auto reader = shared_->readers.lease();
  if (!reader) return reader.error();
  return (*reader)->read_backward(row().id, epoch_, before, out);
}

Result<std::optional<std::uint64_t>> SqliteLog::find_key(std::string_view key) {
  const auto reader = shared_->readers.lease();
  if (!reader) return reader.error();
  return (*reader)->find_key(row().id, key);
}

Result<std::vector<KeptKey>> SqliteLog::newest_keys(std::size_t limit) {
  const auto reader = shared_->readers.lease();
  if (!reader) return reader.error();
  return (*reader)->newest_keys(row().id, limit);
}

void SqliteLog::trim() {
  if (options().history.age == base::Duration::max() || row().bounds.empty()) return;
  if (is_trim_queued_.exchange(true)) return;
  if (!shared_->queue.push_always(TrimJob{shared_from_this()})) is_trim_queued_ = false;
}

StoredLogOptions SqliteLog::options() const {
  const std::lock_guard lock(mutex_);
  return options_;
}

void SqliteLog::set_options(const StoredLogOptions& options) {
  const std::lock_guard lock(mutex_);
  options_ = options;
}

LogRow SqliteLog::row() const {
  const std::lock_guard lock(mutex_);
  return row_;
}

void SqliteLog::set_row(const LogRow& row) {
  const std::lock_guard lock(mutex_);
  row_ = row;
}

std::shared_ptr<StoredLogEvents> SqliteLog::events() const {
  const std::lock_guard lock(mutex_);
  return events_.lock();
}

}  // namespace naru::store
