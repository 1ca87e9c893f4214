#include "hub/page_reading.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

namespace naru::hub {
namespace {

using channel::Page;
using channel::Position;
using channel::PublicationRef;
using channel::Since;
using channel::Standing;

// What one read has brought, whoever made it.
struct Piece {
  bool needs_disk = false;
  std::size_t count = 0;
};

// Adds what stands behind the page without a hole; false when it has ended.
bool extend(Page& page, std::span<PublicationRef> read, std::size_t limit, std::size_t& bytes) {
  for (PublicationRef& message : read) {
    if (message->position.offset != page.end.offset + 1) return false;
    page.end = message->position;
    bytes += message->cost();
    page.messages.push_back(std::move(message));
    if (page.messages.size() == limit || bytes >= store::DurableLog::kMaxPageBytes) return false;
  }
  return true;
}

template <class Read>
Result<std::optional<Page>> read_page(const store::DurableLog& log, const Standing& start, std::size_t limit,
                                      Read read) {
  Page page{.start = start, .end = start.position};
  std::array<PublicationRef, channel::Log::kMaxRead> buffer;
  std::size_t bytes = 0;
  for (;;) {
    const std::span room(buffer.data(), std::min(buffer.size(), limit - page.messages.size()));
    const Result<Piece> piece = read(page.end.offset, room);
    if (!piece) return piece.error();
    if (piece->needs_disk) return std::optional<Page>();
    if (piece->count > 0 && extend(page, room.first(piece->count), limit, bytes)) continue;
    page.more = page.end.offset < log.position().offset;
    return std::optional(std::move(page));
  }
}

// What stands at the start may go before it is read: then the standing is asked for again.
template <class Read>
Result<std::optional<Page>> read_from(const store::DurableLog& log, const Position& absence, Since since,
                                      std::size_t limit, Read read) {
  for (;;) {
    const Standing start = stand(&log, absence, since);
    if (since.kind == Since::Kind::last) return std::optional(Page{.start = start, .end = start.position});
    auto page = read_page(log, start, limit, read);
    if (!page || !*page || !(*page)->messages.empty() || !(*page)->more) return page;
    if (stand(&log, absence, since) == start) return page;
  }
}

Page nothing(const Standing& standing) {
  return {.start = standing, .end = standing.position};
}

}  // namespace

Standing stand(const store::DurableLog* log, const Position& absence, const Since& since) {
  if (log == nullptr) {
    const bool is_here = since.kind != Since::Kind::position || since.position == absence;
    return {absence, is_here, is_here ? std::optional<std::uint64_t>(0) : std::nullopt};
  }
  if (since.kind == Since::Kind::last) return {.position = log->position()};
  if (since.kind == Since::Kind::first) return {.position = {log->epoch(), log->bounds().oldest - 1}};
  const bool was_before_all = since.position == absence;
  const channel::Recovery answer = log->resume(was_before_all ? Position{log->epoch(), 0} : since.position);
  return {{log->epoch(), answer.from}, answer.recovered, answer.missing};
}

std::optional<Page> page_in_memory(const store::DurableLog* log, const Position& absence, const Since& since,
                                   std::size_t limit) {
  if (log == nullptr) return nothing(stand(nullptr, absence, since));
  const auto read = [log](std::uint64_t after, std::span<PublicationRef> out) -> Result<Piece> {
    const store::DurableLog::TailRead tail = log->read_tail(after, out);
    return Piece{tail.needs_disk, tail.count};
  };
  return *read_from(*log, absence, since, limit, read);
}

Result<Page> page_after(store::DurableLog* log, const Position& absence, const Since& since,
                        std::size_t limit) {
  if (log == nullptr) return nothing(stand(nullptr, absence, since));
  const auto read = [log](std::uint64_t after, std::span<PublicationRef> out) -> Result<Piece> {
    const Result<std::size_t> count = log->read_forward(after, out);
    if (!count) return count.error();
    return Piece{false, *count};
  };
  auto page = read_from(*log, absence, since, limit, read);
  if (!page) return page.error();
  return std::move(**page);
}

Result<Page> page_before(store::DurableLog* log, const Position& absence,
                         const std::optional<Position>& before, std::size_t limit) {
  if (log == nullptr) return nothing(stand(nullptr, absence, before ? Since::after(*before) : Since{}));
  if (before && before->epoch != log->epoch())
    return nothing({.position = log->position(), .recovered = false, .missing = std::nullopt});
  const Position newest = log->position();
  auto messages = log->page_before(before ? before->offset : newest.offset + 1, limit);
  if (!messages) return messages.error();
  if (messages->empty()) return nothing({.position = newest});
  const std::uint64_t oldest = messages->front()->position.offset;
  Page page{.start = {.position = {newest.epoch, oldest - 1}}, .end = messages->back()->position};
  page.more = oldest > log->bounds().oldest;
  page.messages = std::move(*messages);
  return page;
}

}  // namespace naru::hub
