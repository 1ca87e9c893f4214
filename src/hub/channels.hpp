// All channels of a server: publishing from any thread, pages, and waking the loops that follow.
//
//   channels->publish("news", std::move(message), "client-7/41", [](Result<store::Published> at) { … });
//   channels->read("news", Since{}, 100, [](Result<channel::Page> page) { … });
//
// Numbers are given in the order of the calls: at once, or by a worker where the disk has to be asked first.
// Any thread. Completions come once, on an unspecified thread, perhaps during the call: post on to where you
// belong. They must not throw.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "channel/message.hpp"
#include "channel/page.hpp"
#include "channel/since.hpp"
#include "hub/absences.hpp"
#include "hub/loop_group.hpp"
#include "hub/publish_lines.hpp"
#include "hub/wake_table.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "net/worker_pool.hpp"
#include "store/durable_log.hpp"
#include "store/log_directory.hpp"

namespace naru::store {
class SqliteLogStore;
}

namespace naru::hub {

// Handles and loops keep it, also when the server has gone. It may end on any thread, in a completion too.
class Channels : public std::enable_shared_from_this<Channels> {
 public:
  // Messages of one page, whoever asks.
  static constexpr std::size_t kMaxPage = 1000;

  using OnPublished = Function<void(Result<store::Published>)>;
  using OnPage = Function<void(Result<channel::Page>)>;

  Channels(std::shared_ptr<net::WorkerPool> workers, std::shared_ptr<LoopGroup> loops,
           const base::Clock& clock = base::system_clock());
  ~Channels();
  Channels(const Channels&) = delete;
  Channels& operator=(const Channels&) = delete;

  // Whose options they are: of all names that begin so, or of this one and what is told of its presence.
  enum class Scope : std::uint8_t { prefix, exact };
  // Setup, before the first publish: how channels of this name are kept. The longest name decides, and of two
  // equal ones the exact one. Throws std::logic_error when the same is said with other options already.
  void set_options(std::string name, const store::LogOptions& options, Scope scope = Scope::prefix);
  // Where durable channels live. Throws std::system_error with a sentence.
  void open_store(const std::filesystem::path& folder);
  bool has_store() const noexcept { return store_ != nullptr; }

  // `done` comes when the message is committed as its channel's durability asks. An empty key means none.
  void publish(std::string_view name, channel::Message message, std::string_view idempotency_key,
               OnPublished done);
  // Messages behind `since`, oldest first; `limit` is taken as 1 to kMaxPage, and a page of large messages
  // ends earlier. What is in memory is read here, what may need the disk by a worker.
  void read(std::string_view name, const channel::Since& since, std::size_t limit, OnPage done);
  // The newest before `before` (nothing: the newest of all), in the channel's order. A position that is none
  // of this channel's is answered empty, not recovered.
  void read_before(std::string_view name, const std::optional<channel::Position>& before, std::size_t limit,
                   OnPage done);
  // Forgets the channel, also on disk. Its followers are told of a gap; the next publish begins a new epoch.
  void remove(std::string_view name, Function<void(Result<void>)> done);

  // Now and then, on a worker: drops what is too old.
  void sweep();
  // Everything published so far is committed, or has failed. Waits for the disk.
  void flush();

  // For LoopChannels.
  // The log without asking the disk; null with `needs_disk`: ask find() on a worker.
  struct Looked {
    store::DurableLogRef log{};
    bool needs_disk = false;
  };
  Looked look(std::string_view name);
  Result<store::DurableLogRef> find(std::string_view name) { return directory_->find(name); }
  // The position of a channel of this name that nobody has published to; take it before you look for the log.
  channel::Position absence(std::string_view name) { return absences_.position_of(name); }
  WakeTable& wakes() noexcept { return wakes_; }
  net::WorkerPool& workers() noexcept { return *workers_; }
  const std::shared_ptr<LoopGroup>& loops() const noexcept { return loops_; }

 private:
  struct Named {
    std::string name;
    Scope scope;
    store::LogOptions options;
  };

  using PageReader = Function<Result<channel::Page>(store::DurableLog*, const channel::Position& absence)>;

  std::unique_ptr<store::LogDirectory> make_directory();
  store::LogOptions resolve(std::string_view name) const;
  bool is_durable(std::string_view name) const;
  Result<store::DurableLogRef> log_without_disk(std::string_view name, std::string_view key);
  void read_on_worker(std::string_view name, PageReader reader, OnPage done);
  void work_off(std::string_view name);

  const std::shared_ptr<net::WorkerPool> workers_;
  const std::shared_ptr<LoopGroup> loops_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Named> options_;  // guarded by mutex_; whoever decides first
  Absences absences_;
  WakeTable wakes_;
  std::unique_ptr<store::SqliteLogStore> store_;
  std::unique_ptr<store::LogDirectory> directory_;
  PublishLines lines_;
};

}  // namespace naru::hub
