// The page that was answered last in this turn: ten thousand polls that one publish wakes are told the same.
//
//   base::Frame body = server.shared_page().text_of(page);     // made once, then shared
//
// One page of one channel, until the end of the turn: it keeps nothing alive longer. The loop's own thread.
#pragma once

#include <cstddef>
#include <optional>

#include "base/frame.hpp"
#include "net/loop.hpp"
#include "serve/gathered_page.hpp"

namespace naru::serve {

class SharedPage {
 public:
  explicit SharedPage(net::Loop& loop) : loop_(loop) {}

  // REQUIRES: a page of one channel without labels.
  base::Frame text_of(const GatheredPage& page);

 private:
  // What a page without holes is made of: its ends, and what is said around it.
  struct Kept {
    channel::PublicationRef first;
    channel::PublicationRef last;
    std::size_t count;
    channel::Standing start;
    bool more;
    base::Frame text;
  };
  bool is_kept(const GatheredPage& page) const;

  net::Loop& loop_;
  std::optional<Kept> kept_;
};

}  // namespace naru::serve
