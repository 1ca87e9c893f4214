#include "serve/shared_page.hpp"

#include <utility>

namespace naru::serve {

base::Frame SharedPage::text_of(const GatheredPage& page) {
  if (page.items.empty()) return base::Frame::copy(serve::text_of(page, {}));
  if (is_kept(page)) return kept_->text;
  base::Frame text = base::Frame::copy(serve::text_of(page, {}));
  if (!kept_) loop_.at_end_of_turn([this] { kept_.reset(); });
  kept_.emplace(Kept{page.items.front().message, page.items.back().message, page.items.size(), page.start,
                     page.more, text});
  return text;
}

// The same messages stand in memory once, as long as somebody has them; while they are kept here, no other
// one can have their address.
bool SharedPage::is_kept(const GatheredPage& page) const {
  return kept_ && kept_->first == page.items.front().message && kept_->last == page.items.back().message &&
         kept_->count == page.items.size() && kept_->more == page.more &&
         kept_->start.recovered == page.start.recovered && kept_->start.missing == page.start.missing;
}

}  // namespace naru::serve
