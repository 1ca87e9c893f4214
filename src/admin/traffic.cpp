#include "admin/traffic.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <tuple>
#include <utility>

#include "naru/codec.hpp"

namespace naru::admin {
namespace {

std::string_view name_of(TrafficKind kind) {
  switch (kind) {
    case TrafficKind::raw_connection:
      return "rawConnection";
    case TrafficKind::raw_disconnection:
      return "rawDisconnection";
    case TrafficKind::packets_in:
      return "packetsIn";
    case TrafficKind::packets_out:
      return "packetsOut";
    case TrafficKind::bytes_in:
      return "bytesIn";
    case TrafficKind::bytes_out:
      return "bytesOut";
  }
  return {};
}

auto key_of(const TrafficCount& count) {
  return std::tie(count.timestamp, count.kind, count.reason);
}

}  // namespace

Traffic::Share& Traffic::share_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed);
  return shares_[mine % kShares];
}

void Traffic::add_connection(Time now) {
  Share& share = share_of_this_thread();
  const std::lock_guard lock(share.mutex);
  share.add(TrafficKind::raw_connection, {}, 1, now);
}

void Traffic::add_disconnection(std::string_view reason, Time now) {
  Share& share = share_of_this_thread();
  const std::lock_guard lock(share.mutex);
  share.add(TrafficKind::raw_disconnection, reason, 1, now);
}

void Traffic::add_packet(TrafficKind packets, TrafficKind bytes, std::uint64_t size, Time now) {
  Share& share = share_of_this_thread();
  const std::lock_guard lock(share.mutex);
  share.add(packets, {}, 1, now);
  share.add(bytes, {}, size, now);
}

void Traffic::Share::add(TrafficKind kind, std::string_view reason, std::uint64_t count, Time now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  const std::int64_t timestamp = std::chrono::milliseconds(second).count();
  // From the newest: what is counted now was most often counted a moment ago.
  auto found = std::find_if(counts.rbegin(), counts.rend(), [&](const TrafficCount& each) {
    return each.timestamp == timestamp && each.kind == kind && each.reason == reason;
  });
  if (found != counts.rend()) {
    found->count += count;
  } else if (counts.size() < kMaxCounts) {
    counts.push_back({timestamp, kind, std::string(reason), count});
  }
}

std::vector<TrafficCount> Traffic::take() {
  std::vector<TrafficCount> all;
  for (Share& share : shares_) {
    std::vector<TrafficCount> taken;
    std::unique_lock lock(share.mutex);
    taken.swap(share.counts);
    lock.unlock();
    std::move(taken.begin(), taken.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  std::vector<TrafficCount> merged;
  for (TrafficCount& count : all) {
    if (!merged.empty() && key_of(merged.back()) == key_of(count)) {
      merged.back().count += count.count;
    } else {
      merged.push_back(std::move(count));
    }
  }
  return merged;
}

}  // namespace naru::admin

void naru::Codec<naru::admin::TrafficCount>::encode(ArgumentWriter& out, const admin::TrafficCount& count) {
  out.begin_object();
  out.member("timestamp", count.timestamp);
  out.member("type", admin::name_of(count.kind));
  if (!count.reason.empty()) out.member("subType", count.reason);
  out.member("count", count.count);
  out.end_object();
}
