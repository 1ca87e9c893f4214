#include "store/memory_log_store.hpp"

#include <algorithm>
#include <utility>

#include "channel/log.hpp"
#include "store/errc.hpp"

namespace naru::store {

class MemoryLog final : public StoredLog {
 public:
  MemoryLog(std::string name, const HistoryLimits& limits, const base::Clock& clock)
      : name_(std::move(name)), epoch_(new_epoch()), clock_(clock), log_(epoch_, as_log_limits(limits)) {}

  const std::string& name() const noexcept override { return name_; }
  const channel::Epoch& epoch() const noexcept override { return epoch_; }

  channel::Bounds bounds() const override {
    const std::lock_guard lock(mutex_);
    return log_.bounds();
  }

  void set_events(std::weak_ptr<StoredLogEvents>) override {}

  Result<AppendStatus> append(channel::PublicationRef publication, std::string idempotency_key) override {
    const std::lock_guard lock(mutex_);
    if (is_removed_) return make_error(errc::removed);
    const std::uint64_t offset = publication->position.offset;
    if (offset != log_.bounds().end + 1) return make_error(errc::out_of_order);
    log_.restore(std::move(publication));
    if (!idempotency_key.empty()) log_.restore_key(idempotency_key, offset, clock_.now());
    log_.expire(clock_.now());
    return AppendStatus::committed;
  }

  Result<std::size_t> read_forward(std::uint64_t after, std::span<channel::PublicationRef> out) override {
    const std::lock_guard lock(mutex_);
    return read(after, out);
  }

  Result<std::size_t> read_backward(std::uint64_t before, std::span<channel::PublicationRef> out) override {
    const std::lock_guard lock(mutex_);
    const auto [oldest, end] = log_.bounds();
    const std::uint64_t stop = std::min(before, end + 1);  // the first offset that is not read
    if (stop <= oldest) return std::size_t{0};
    const std::size_t count = std::min<std::size_t>(out.size(), stop - oldest);
    return read(stop - count - 1, out.first(count));
  }

  Result<std::optional<std::uint64_t>> find_key(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    return log_.keys().find(key);
  }

  Result<std::vector<KeptKey>> newest_keys(std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<KeptKey> keys;
    for (const auto& kept : log_.keys().newest(limit)) {
      const auto wall = clock_.wall() - std::chrono::duration_cast<std::chrono::system_clock::duration>(
                                            clock_.now() - kept.at);
      const auto since_1970 = std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch());
      keys.push_back({std::string(kept.key), kept.offset, since_1970.count()});
    }
    return keys;
  }

  bool is_removed() const override {
    const std::lock_guard lock(mutex_);
    return is_removed_;
  }

  void trim() override {
    const std::lock_guard lock(mutex_);
    log_.expire(clock_.now());
  }

  void mark_removed() {
    const std::lock_guard lock(mutex_);
    is_removed_ = true;
  }

 private:
  static channel::LogLimits as_log_limits(const HistoryLimits& limits) {
    return {.count = limits.count,
            .bytes = limits.bytes,
            .age = limits.age,
            .keys = limits.keys,
            .key_age = limits.key_age};
  }

  std::size_t read(std::uint64_t after, std::span<channel::PublicationRef> out) const {
    std::size_t total = 0;
    while (const std::size_t count = log_.read_forward(after, out.subspan(total))) {
      total += count;
      after = out[total - 1]->position.offset;
    }
    return total;
  }

  const std::string name_;
  const channel::Epoch epoch_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  channel::Log log_;         // guarded by mutex_
  bool is_removed_ = false;  // guarded by mutex_
};

MemoryLogStore::~MemoryLogStore() = default;

Result<StoredLogRef> MemoryLogStore::open(std::string_view name, const StoredLogOptions& options,
                                          IfMissing missing) {
  if (!is_log_name(name)) return make_error(errc::bad_name);
  const std::lock_guard lock(mutex_);
  const auto found = logs_.find(name);
  if (found != logs_.end()) return StoredLogRef(found->second);
  if (missing == IfMissing::none) return StoredLogRef();
  auto log = std::make_shared<MemoryLog>(std::string(name), options.history, clock_);
  logs_.emplace(name, log);
  return StoredLogRef(std::move(log));
}

Result<std::vector<std::string>> MemoryLogStore::names(std::string_view after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (auto next = logs_.upper_bound(after); next != logs_.end() && names.size() < limit; ++next) {
    if (next->second->bounds().end > 0) names.push_back(next->first);
  }
  return names;
}

void MemoryLogStore::remove(std::string_view name, Function<void(Result<void>)> done) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = logs_.find(name);
    if (found != logs_.end()) {
      found->second->mark_removed();
      logs_.erase(found);
    }
  }
  if (done) done({});
}

}  // namespace naru::store
