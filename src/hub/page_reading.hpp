// Pages out of one log. From memory alone on a loop; over memory and disk on a worker.
//
//   const channel::Position absence = absences.position_of(name);    // before the log is looked for
//   if (auto page = page_in_memory(log, absence, since, 100)) answer(*page);
//   else worker([=] { answer(page_after(log, absence, since, 100)); });
//
// A null log is a channel that nobody has published to. Pages have no holes: where messages go while a page
// is read it ends there, and the next one says what is missing. Any thread.
#pragma once

#include <cstddef>
#include <optional>

#include "channel/page.hpp"
#include "channel/since.hpp"
#include "naru/result.hpp"
#include "store/durable_log.hpp"

namespace naru::hub {

// Where a reader stands who asks for `since`.
channel::Standing stand(const store::DurableLog* log, const channel::Position& absence,
                        const channel::Since& since);

// Nothing: the disk is needed.
std::optional<channel::Page> page_in_memory(const store::DurableLog* log, const channel::Position& absence,
                                            const channel::Since& since, std::size_t limit);
Result<channel::Page> page_after(store::DurableLog* log, const channel::Position& absence,
                                 const channel::Since& since, std::size_t limit);
// The newest before `before`; nothing: of all.
Result<channel::Page> page_before(store::DurableLog* log, const channel::Position& absence,
                                  const std::optional<channel::Position>& before, std::size_t limit);

}  // namespace naru::hub
