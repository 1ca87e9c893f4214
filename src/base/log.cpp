#include "naru/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>

#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace naru {
inline namespace v0 {
namespace {

constexpr std::array<std::string_view, 5> kLevelNames = {"debug", "info", "warning", "error", "off"};

std::string_view name_of(Level level) {
  return kLevelNames[static_cast<std::size_t>(level)];
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      break;
  }
  return spdlog::level::off;
}

// One line on stderr. spdlog locks, colours a terminal and writes; what the line says is made here.
class StandardError {
 public:
  StandardError() : text_("naru", std::make_shared<Sink>()), json_("naru", std::make_shared<Sink>()) {
    text_.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    json_.set_pattern("%v");
    for (spdlog::logger* logger : {&text_, &json_}) {
      logger->set_level(spdlog::level::debug);
      logger->flush_on(spdlog::level::debug);
    }
  }

  void write(LogFormat format, Level level, std::string_view component, std::string_view message) {
    if (format == LogFormat::json) {
      json_.log(spdlog_level(level), view(json_line(level, component, message)));
    } else {
      std::string line = "[";
      line.append(component).append("] ").append(message);
      text_.log(spdlog_level(level), view(line));
    }
  }

 private:
  using Sink = spdlog::sinks::stderr_color_sink_mt;
  static spdlog::string_view_t view(const std::string& text) { return {text.data(), text.size()}; }

  static std::string json_line(Level level, std::string_view component, std::string_view message) {
    std::string line = "{\"time\":\"";
    append_time(line);
    line.append("\",\"level\":\"").append(name_of(level)).append("\",\"component\":");
    base::append_json_string(line, component);
    line += ",\"message\":";
    base::append_json_string(line, message);
    line += '}';
    return line;
  }

  static void append_time(std::string& out) {
    using namespace std::chrono;
    const auto now = system_clock::now();
    const std::time_t seconds = system_clock::to_time_t(now);
    const auto past = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text;
    out.append(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts));
    out.append({'.', static_cast<char>('0' + past / 100), static_cast<char>('0' + past / 10 % 10),
                static_cast<char>('0' + past % 10), 'Z'});
  }

  spdlog::logger text_;
  spdlog::logger json_;
};

// Never destroyed: threads may log while the program ends.
StandardError& standard_error() {
  static auto* const output = new StandardError;
  return *output;
}

struct State {
  std::atomic<Level> level{Level::info};
  std::atomic<LogFormat> format{LogFormat::text};
  std::atomic<bool> has_sink{false};
  std::mutex mutex;  // guards sink
  std::shared_ptr<const LogSink> sink;
};
State& state() {
  static auto* const state = new State;
  return *state;
}

std::shared_ptr<const LogSink> current_sink() {
  if (!state().has_sink.load(std::memory_order_acquire)) return nullptr;
  const std::lock_guard lock(state().mutex);
  return state().sink;
}

// What a terminal or a log reader would act on instead of showing it: C0 and C1 controls, DEL, line and
// paragraph separators, marks that turn the direction of text.
bool must_be_escaped(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
         (character >= 0x2028 && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069) ||
         character == 0x200E || character == 0x200F || character == 0x061C || character == 0xFEFF;
}

char32_t first_character(std::string_view text, std::size_t& size) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t character = size == 1 ? lead : lead & (0x7FU >> size);
  for (std::size_t at = 1; at < size; ++at)
    character = character << 6 | (byte(at) & 0x3FU);
  return character;
}

void append_escape(std::string& out, char32_t character) {
  if (character == '\n') return void(out += "\\n");
  if (character == '\r') return void(out += "\\r");
  if (character == '\t') return void(out += "\\t");
  std::array<char, 8> digits;
  const auto result =
      std::to_chars(digits.data(), digits.data() + digits.size(), std::uint32_t{character}, 16);
  out.append("\\u{").append(digits.data(), result.ptr).append("}");
}

std::string cleaned(std::string_view message) {
  const std::size_t cut = message.size() - std::min(message.size(), kMaxLogMessage);
  std::string valid;
  base::append_valid_utf8(valid, message.substr(0, message.size() - cut));
  std::string out;
  out.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    std::size_t size = 0;
    const char32_t character = first_character(rest, size);
    if (must_be_escaped(character)) {
      append_escape(out, character);
    } else {
      out.append(rest.substr(0, size));
    }
    rest.remove_prefix(size);
  }
  if (cut > 0) out.append(" (").append(std::to_string(cut)).append(" more bytes)");
  return out;
}

thread_local bool is_logging = false;

void write(Level level, std::string_view component, std::string_view message) {
  const std::string name = cleaned(component.substr(0, 64));
  const std::string line = cleaned(message);
  if (const auto sink = current_sink()) {
    (*sink)(level, name, line);
  } else {
    standard_error().write(state().format.load(std::memory_order_relaxed), level, name, line);
  }
}

}  // namespace

void log(Level level, std::string_view component, std::string_view message) noexcept {
  if (!is_logged(level) || is_logging) return;
  is_logging = true;
  try {
    write(level, component, message);
  } catch (...) {
    // Nobody is left to be told.
  }
  is_logging = false;
}

void set_log_level(Level level) noexcept {
  state().level.store(level, std::memory_order_relaxed);
}
Level log_level() noexcept {
  return state().level.load(std::memory_order_relaxed);
}
bool is_logged(Level level) noexcept {
  return level != Level::off && level >= log_level();
}

void set_log_sink(LogSink sink) {
  auto next = sink ? std::make_shared<const LogSink>(std::move(sink)) : nullptr;
  const std::lock_guard lock(state().mutex);
  state().sink.swap(next);
  state().has_sink.store(state().sink != nullptr, std::memory_order_release);
}

void set_log_format(LogFormat format) noexcept {
  state().format.store(format, std::memory_order_relaxed);
}

}  // namespace v0
}  // namespace naru
