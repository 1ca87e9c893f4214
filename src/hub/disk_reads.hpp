// What a loop's stations read from the disk: by workers, a few at a time, each station in its turn.
//
//   disk_reads.want(station);         // asks station.next_disk_read() when a worker is free
//   disk_reads.forget(follower);      // it left: what is read for it is thrown away
//
// A read holds at most StoredLog::kMaxPageBytes, so that what a loop's slow followers cost is bounded
// whatever their number. The loop's own thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/intrusive_list.hpp"
#include "base/log_limiter.hpp"
#include "channel/message.hpp"
#include "channel/position.hpp"
#include "hub/follower.hpp"
#include "naru/result.hpp"
#include "net/loop.hpp"
#include "net/timer_wheel.hpp"
#include "store/durable_log.hpp"
#include "store/log_directory.hpp"

namespace naru::hub {

class Channels;
class Station;
struct DiskLine;

struct DiskRead {
  Follower* follower = nullptr;  // null: for those who stand together
  store::DurableLogRef log{};    // null: the log itself is looked for
  std::uint64_t after = 0;
  std::size_t most = 0;
  bool is_conflated = false;  // only the newest of each key of what was read
};

struct FoundLog {
  store::DurableLogRef log{};
  channel::Position absence{};
};
struct ReadMessages {
  std::uint64_t first = 0;  // the offset of the first one that was read, conflated away or not; 0: none
  std::vector<channel::PublicationRef> messages{};
};
using DiskAnswer = Result<std::variant<FoundLog, ReadMessages>>;

class DiskReads {
 public:
  static constexpr std::size_t kMaxReads = 4;  // as many as a server has workers, unless told otherwise
  // When the workers refuse: their queue is a thousand deep, so there is no hurry.
  static constexpr std::chrono::milliseconds kRetry{20};

  DiskReads(net::Loop& loop, std::shared_ptr<Channels> channels);
  ~DiskReads();

  void want(Station& station);
  void forget(const Follower& follower) noexcept;
  void forget(const Station& station) noexcept;

 private:
  // Outlives us in what the workers hold.
  struct Link {
    DiskReads* reads;
  };
  struct Slot {
    Station* station = nullptr;  // null: free, or it has gone
    Follower* follower = nullptr;
    bool is_taken = false;
    DiskRead read{};
    std::string name{};       // the channel's
    bool is_refused = false;  // by the workers, and to be submitted again
  };

  void start_reads();
  void submit(std::size_t number);
  void retry();
  void finish(std::size_t number, DiskAnswer answer);

  net::Loop& loop_;
  const std::shared_ptr<Channels> channels_;
  const std::shared_ptr<Link> link_;
  std::array<Slot, kMaxReads> slots_;
  base::IntrusiveList<Station, DiskLine> line_;
  net::MemberTimer<DiskReads, &DiskReads::retry> retry_{*this};
  base::LogLimiter log_;
};

}  // namespace naru::hub
