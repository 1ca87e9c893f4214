#include "channel/forms.hpp"

#include <string>
#include <utility>

#include "channel/message.hpp"
#include "channel/message_text.hpp"

namespace naru::channel {
namespace {

std::atomic<std::size_t> kept_total{0};

// The Frame in its slot, the count before its bytes, and what the allocator adds to two blocks.
constexpr std::size_t kOverhead = sizeof(base::Frame) + 40;

std::size_t cost(const base::Frame& frame) noexcept {
  return frame.size() + kOverhead;
}

}  // namespace

Forms::~Forms() {
  for (Slot& slot : slots_) {
    const base::Frame* kept = slot.load(std::memory_order_acquire);
    if (kept == nullptr) continue;
    kept_total.fetch_sub(cost(*kept), std::memory_order_relaxed);
    delete kept;
  }
}

std::size_t Forms::kept_bytes() noexcept {
  return kept_total.load(std::memory_order_relaxed);
}

base::Frame Forms::keep(Form form, base::Frame frame) const {
  const std::size_t size = cost(frame);
  if (kept_total.fetch_add(size, std::memory_order_relaxed) + size > kMaxKept) {
    kept_total.fetch_sub(size, std::memory_order_relaxed);
    return frame;
  }
  const auto* mine = new base::Frame(frame);
  const base::Frame* other = nullptr;
  // Release, so that whoever finds the pointer sees the Frame behind it.
  if (slot(form).compare_exchange_strong(other, mine, std::memory_order_acq_rel, std::memory_order_acquire))
    return frame;
  kept_total.fetch_sub(size, std::memory_order_relaxed);
  delete mine;
  return *other;
}

base::Frame line_of(const Publication& publication) {
  return publication.forms.get(Form::line, [&] {
    std::string text;
    append_message(text, publication);
    text += '\n';
    return base::Frame::copy(text);
  });
}

}  // namespace naru::channel
