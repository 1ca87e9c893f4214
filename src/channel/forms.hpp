// What a publication looks like on the wire, made once for everybody who is sent it.
//
//   base::Frame line = line_of(publication);                                   // the object and "\n"
//   base::Frame event = publication.forms.get(Form::sse, [&] { return write_block(publication); });
//
// A few slots that stand in the publication, each filled by whoever asks first and freed with it. Lock-free,
// any thread: two who ask at once may both make the frame, one of them is kept and given to both. A form must
// be a function of the publication alone. A Frame that was given out lives on by itself.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/frame.hpp"

namespace naru::channel {

struct Publication;

enum class Form : std::uint8_t {
  line,       // the message object and "\n": NDJSON; without its last byte, the item of a page
  sse,        // the whole event block
  websocket,  // the whole text frame with its header
  named,      // the message object with its channel's name: Socket.IO
  plain,      // the data alone and "\n": lines of plain text
};
inline constexpr std::size_t kForms = 5;

// A copy of a publication has no forms: what they show (the position) is about to change.
class Forms {
 public:
  // Bytes of all kept forms of the process together: beside a log's own limit, which does not count them, as
  // how much history there is must not depend on who listens. Beyond it each thread makes its own.
  static constexpr std::size_t kMaxKept = std::size_t{256} << 20;
  // What a thread then remembers, so that ten thousand followers of a message still share one frame: about
  // the messages that a loop reads at once.
  static constexpr std::size_t kRemembered = 64;
  static constexpr std::size_t kMaxRememberedBytes = std::size_t{4} << 20;

  Forms() noexcept = default;
  Forms(const Forms&) noexcept {}
  Forms& operator=(const Forms&) = delete;
  ~Forms();

  // The form's frame; `make` (-> base::Frame) is called if there is none yet.
  template <class Make>
  base::Frame get(Form form, Make&& make) const {
    if (const base::Frame* kept = slot(form).load(std::memory_order_acquire)) return *kept;
    if (base::Frame last = recall(form); !last.empty()) return last;
    return keep(form, make());
  }
  // The frame if there is one, else an empty one.
  base::Frame find(Form form) const noexcept {
    const base::Frame* kept = slot(form).load(std::memory_order_acquire);
    return kept == nullptr ? base::Frame() : *kept;
  }

  // Bytes that the kept forms of all publications cost now.
  static std::size_t kept_bytes() noexcept;

 private:
  using Slot = std::atomic<const base::Frame*>;
  Slot& slot(Form form) const noexcept { return slots_[static_cast<std::size_t>(form)]; }
  // Keeps `frame` unless somebody was quicker; this thread remembers it where there is no room. Returns what
  // is to be sent.
  base::Frame keep(Form form, base::Frame frame) const;
  // What this thread made of it lately for want of room; else empty.
  base::Frame recall(Form form) const noexcept;
  static std::uint64_t new_id() noexcept;

  mutable std::array<Slot, kForms> slots_{};
  const std::uint64_t id_ = new_id();  // an address may be used again
};

// The form that needs nothing but this room.
base::Frame line_of(const Publication& publication);

}  // namespace naru::channel
