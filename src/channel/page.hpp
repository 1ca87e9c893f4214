// Messages in one piece, as a reader asked for them.
//
//   channels.read("news", Since{}, 100, [](Result<Page> page) { if (page->more) ask(Since::after(page->end));
//   });
//
// The messages are shared with the log; any thread.
#pragma once

#include <vector>

#include "channel/message.hpp"
#include "channel/position.hpp"
#include "channel/since.hpp"

namespace naru::channel {

struct Page {
  std::vector<PublicationRef> messages{};  // in the channel's order, without holes
  Standing start{};                        // before the first of them, and what is missing before it
  Position end{};                          // behind the last of them: where the next page begins
  bool more = false;                       // further ones in the direction that was asked for
};

}  // namespace naru::channel
