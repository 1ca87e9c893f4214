// A LogStore in memory: gone with the process, committed at once. For tests, and as the measure of the
// others.
//
//   MemoryLogStore store(base::system_clock());
//   auto log = store.open("news", {}, IfMissing::create);
//
// Any thread. Bounded per log by its HistoryLimits.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "store/log_store.hpp"

namespace naru::store {

class MemoryLog;

class MemoryLogStore final : public LogStore {
 public:
  explicit MemoryLogStore(const base::Clock& clock) : clock_(clock) {}
  ~MemoryLogStore() override;

  Result<StoredLogRef> open(std::string_view name, const StoredLogOptions& options,
                            IfMissing missing) override;
  Result<std::vector<std::string>> names(std::string_view after, std::size_t limit) override;
  void remove(std::string_view name, Function<void(Result<void>)> done) override;
  void flush() override {}

 private:
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<MemoryLog>, std::less<>> logs_;
};

}  // namespace naru::store
