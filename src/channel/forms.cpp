#include "channel/forms.hpp"

#include <memory>
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

// The last forms that a thread had to make for itself: a small table by id, where a newer one takes the
// place.
class OwnForms {
 public:
  base::Frame find(std::uint64_t id, Form form) const noexcept {
    const Entry& entry = entries_[id % entries_.size()];
    return entry.id == id ? entry.frames[static_cast<std::size_t>(form)] : base::Frame();
  }
  void add(std::uint64_t id, Form form, const base::Frame& frame) {
    if (bytes_ + frame.size() > Forms::kMaxRememberedBytes) clear();
    Entry& entry = entries_[id % entries_.size()];
    if (entry.id != id) forget(entry);
    entry.id = id;
    entry.frames[static_cast<std::size_t>(form)] = frame;
    bytes_ += frame.size();
  }

 private:
  struct Entry {
    std::uint64_t id = 0;  // nobody's
    std::array<base::Frame, kForms> frames{};
  };
  void forget(Entry& entry) noexcept {
    for (const base::Frame& frame : entry.frames)
      bytes_ -= frame.size();
    entry = Entry();
  }
  void clear() noexcept {
    for (Entry& entry : entries_)
      forget(entry);
  }

  std::array<Entry, Forms::kRemembered> entries_{};
  std::size_t bytes_ = 0;
};

// Made when first needed: most threads never do.
thread_local std::unique_ptr<OwnForms> own_forms;

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
    if (own_forms == nullptr) own_forms = std::make_unique<OwnForms>();
    own_forms->add(id_, form, frame);
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

base::Frame Forms::recall(Form form) const noexcept {
  return own_forms == nullptr ? base::Frame() : own_forms->find(id_, form);
}

std::uint64_t Forms::new_id() noexcept {
  constexpr int kBitsOfThread = 40;
  static std::atomic<std::uint64_t> threads{0};
  thread_local std::uint64_t next = (threads.fetch_add(1, std::memory_order_relaxed) + 1) << kBitsOfThread;
  return next++;
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
