// Log lines: where they go and which are kept.
//
//   naru::set_log_level(naru::Level::warning);
//   naru::set_log_sink([](naru::Level level, std::string_view component, std::string_view message) { ... });
//   naru::log(naru::Level::info, "chat", "room \"" + title + "\" was deleted");
//
// Everything here may be called from any thread, also before main() and during exit. Nothing throws.
// A message may hold bytes of a peer: control characters, line separators and text-direction marks are
// escaped, invalid UTF-8 becomes U+FFFD, and at most kMaxLogMessage bytes are kept, so that nobody can forge
// a line.
#pragma once

#include <cstddef>
#include <string_view>

#include "naru/function.hpp"

namespace naru {
inline namespace v0 {

enum class Level { debug, info, warning, error, off };

enum class LogFormat {
  text,  // 2026-01-31T12:00:00.123Z warning [http] the message
  json,  // {"time":"2026-01-31T12:00:00.123Z","level":"warning","component":"http","message":"the message"}
};

// Longer messages are cut, with a note of how much: one line must never be large because a peer's bytes are.
inline constexpr std::size_t kMaxLogMessage = 2048;

// Writes one line if `level` is kept. The views are used during the call only.
void log(Level level, std::string_view component, std::string_view message) noexcept;

// Lines below `level` are dropped (default: info). Level::off drops everything.
void set_log_level(Level level) noexcept;
Level log_level() noexcept;
// For lines that are costly to build: if (naru::is_logged(Level::debug)) log(Level::debug, …, build());
bool is_logged(Level level) noexcept;

using LogSink = Function<void(Level level, std::string_view component, std::string_view message)>;

// Sends lines to `sink`, already cleaned, instead of stderr; an empty sink gives stderr back. The sink may be
// called by several threads at once, and a last time shortly after it was replaced. A line that is logged
// from inside the sink is dropped, and what the sink throws is swallowed.
void set_log_sink(LogSink sink);

// How lines look on stderr (default: text).
void set_log_format(LogFormat format) noexcept;

}  // namespace v0
}  // namespace naru
