// What stands behind naru::Channel: the logs of a server by name, in memory and on disk. Any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/publish_lines.hpp"
#include "naru/channel.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "net/worker_pool.hpp"
#include "store/log_directory.hpp"
#include "store/sqlite_log_store.hpp"

namespace naru::app {

// Handles keep it, also when the server has gone.
class Channels : public std::enable_shared_from_this<Channels> {
 public:
  explicit Channels(std::shared_ptr<net::WorkerPool> workers);
  ~Channels();
  Channels(const Channels&) = delete;
  Channels& operator=(const Channels&) = delete;

  // Setup, before the first publish.
  void set_options(std::string prefix, ChannelOptions options);
  void open_store(const std::filesystem::path& folder);

  // Messages are numbered in the order of the calls: now, or by a worker where the disk must be read first
  // (the log is not in memory, or the key may have been forgotten there). `done` comes when it is committed,
  // on an unspecified thread.
  void publish(std::string_view name, std::string json, const PublishOptions& options,
               Function<void(Result<Published>)> done);
  // Reads memory here; what may need the disk is read by a worker, and `done` comes there.
  void history(const std::string& name, const HistoryQuery& query, Function<void(Result<HistoryPage>)> done);
  void remove(const std::string& name, Function<void(Result<void>)> done);
  // Now and then: drops what is too old.
  void sweep();
  // Everything published so far is committed, or has failed. Waits for the disk.
  void flush();

 private:
  store::LogOptions resolve(std::string_view name) const;
  bool is_durable(std::string_view name) const;
  store::DurableLogRef log_without_disk(std::string_view name, std::string_view key);
  void work_off(std::string_view name);
  Result<HistoryPage> read(const std::string& name, const HistoryQuery& query);

  const std::shared_ptr<net::WorkerPool> workers_;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, ChannelOptions>> options_;  // guarded by mutex_; longest prefix first
  std::unique_ptr<store::LogStore> store_;
  std::unique_ptr<store::LogDirectory> directory_;
  PublishLines lines_;
};

}  // namespace naru::app
