#include "hub/disk_reads.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "hub/channels.hpp"
#include "hub/conflation.hpp"
#include "hub/station.hpp"

namespace naru::hub {
namespace {

DiskAnswer find_log(Channels& channels, const std::string& name) {
  const channel::Position absence = channels.absence(name);
  auto log = channels.find(name);
  if (!log) return log.error();
  return std::variant<FoundLog, ReadMessages>(FoundLog{std::move(*log), absence});
}

DiskAnswer read_messages(const DiskRead& read) {
  ReadMessages answer;
  if (read.is_conflated) {
    auto page = read.log->page_after(read.after, read.most);
    if (!page) return page.error();
    answer.messages = std::move(*page);
  } else {
    answer.messages.resize(read.most);
    const auto count = read.log->read_forward(read.after, answer.messages);
    if (!count) return count.error();
    answer.messages.resize(*count);
  }
  // What was dropped between two reads of one page is a gap: the next read begins with it.
  const auto is_hole = [](const auto& a, const auto& b) {
    return b->position.offset != a->position.offset + 1;
  };
  const auto hole = std::adjacent_find(answer.messages.begin(), answer.messages.end(), is_hole);
  if (hole != answer.messages.end()) answer.messages.erase(std::next(hole), answer.messages.end());
  if (!answer.messages.empty()) answer.first = answer.messages.front()->position.offset;
  if (read.is_conflated) keep_newest_of_each_key(answer.messages);
  return std::variant<FoundLog, ReadMessages>(std::move(answer));
}

}  // namespace

DiskReads::DiskReads(net::Loop& loop, std::shared_ptr<Channels> channels)
    : loop_(loop),
      channels_(std::move(channels)),
      link_(std::make_shared<Link>(Link{this})),
      log_(loop.clock()) {}

DiskReads::~DiskReads() {
  link_->reads = nullptr;
}

void DiskReads::want(Station& station) {
  if (!station.base::ListHook<DiskLine>::is_linked()) line_.push_back(station);
  start_reads();
}

void DiskReads::forget(const Follower& follower) noexcept {
  for (Slot& slot : slots_) {
    if (slot.follower == &follower) slot.follower = nullptr;
  }
}

void DiskReads::forget(const Station& station) noexcept {
  for (Slot& slot : slots_) {
    if (slot.station != &station) continue;
    if (slot.follower != nullptr) slot.follower->station_ = nullptr;
    slot.station = nullptr;
    slot.follower = nullptr;
  }
}

void DiskReads::start_reads() {
  for (std::size_t i = 0; i < kMaxReads; ++i) {
    if (slots_[i].is_taken) continue;
    std::optional<DiskRead> read;
    Station* station = nullptr;
    while (!read && (station = line_.pop_front()) != nullptr)
      read = station->next_disk_read();
    if (!read) return;
    line_.push_back(*station);  // it may want more, after the others
    Follower* const follower = read->follower;
    slots_[i] = {station, follower, true, std::move(*read), station->name()};
    submit(i);
  }
}

// Refused, it is tried again; the slot stays taken meanwhile.
void DiskReads::submit(std::size_t number) {
  const Slot& slot = slots_[number];
  auto work = [number, name = slot.name, read = slot.read, channels = channels_, link = link_,
               loop = static_cast<LoopIndex>(loop_.index())]() mutable {
    DiskAnswer answer = read.log == nullptr ? find_log(*channels, name) : read_messages(read);
    read = {};
    auto back = [number, link, answer = std::move(answer)]() mutable {
      if (link->reads != nullptr) link->reads->finish(number, std::move(answer));
    };
    channels->loops()->post(loop, std::move(back), 0, net::PostKind::control);
  };
  slots_[number].is_refused = !channels_->workers().submit("channel follow", std::move(work));
  if (slots_[number].is_refused) loop_.timers().schedule(retry_, loop_.now() + kRetry);
}

void DiskReads::retry() {
  for (std::size_t i = 0; i < kMaxReads; ++i) {
    if (slots_[i].is_refused) submit(i);
  }
}

void DiskReads::finish(std::size_t number, DiskAnswer answer) {
  const Slot slot = std::exchange(slots_[number], {});
  if (!answer)
    log_.log(Level::error, "channel",
             "the channel " + slot.name + " cannot be read: " + answer.error().message());
  if (slot.station != nullptr) slot.station->take(slot.read, slot.follower, std::move(answer));
  start_reads();
}

}  // namespace naru::hub
