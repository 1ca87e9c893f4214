#include "naru/log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace naru {
namespace {

using namespace std::string_view_literals;

class Log : public testing::Test {
 protected:
  void SetUp() override { capture(); }
  void TearDown() override {
    set_log_sink({});
    set_log_level(Level::info);
    set_log_format(LogFormat::text);
  }
  void capture() {
    set_log_sink([this](Level level, std::string_view component, std::string_view message) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::to_string(static_cast<int>(level)) + " " + std::string(component) + ": " +
                       std::string(message));
    });
  }
  // What one line looks like on stderr.
  static std::string on_stderr(LogFormat format, std::string_view component, std::string_view message) {
    set_log_sink({});
    set_log_format(format);
    testing::internal::CaptureStderr();
    log(Level::warning, component, message);
    return testing::internal::GetCapturedStderr();
  }
  std::string message_of(std::string_view message) {
    lines_.clear();
    log(Level::info, "c", message);
    return lines_.empty() ? "nothing" : lines_[0].substr(5);
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
};

TEST_F(Log, GoesToTheSink) {
  log(Level::error, "http", "it broke");
  EXPECT_EQ(lines_, (std::vector<std::string>{"3 http: it broke"}));
}

TEST_F(Log, DropsWhatIsBelowTheLevel) {
  log(Level::debug, "c", "dropped");
  set_log_level(Level::error);
  log(Level::warning, "c", "dropped");
  log(Level::error, "c", "kept");
  EXPECT_FALSE(is_logged(Level::warning));
  EXPECT_TRUE(is_logged(Level::error));
  set_log_level(Level::off);
  log(Level::error, "c", "dropped");
  log(Level::off, "c", "off is no level of a line");
  EXPECT_EQ(log_level(), Level::off);
  set_log_level(Level::debug);
  log(Level::debug, "c", "kept too");
  EXPECT_EQ(lines_, (std::vector<std::string>{"3 c: kept", "0 c: kept too"}));
}

TEST_F(Log, NobodyCanForgeALine) {
  EXPECT_EQ(message_of("a\nb\r\nc\td"), "a\\nb\\r\\nc\\td");
  EXPECT_EQ(message_of("\x1b[31mred\x07\0"sv), "\\u{1b}[31mred\\u{7}\\u{0}");
  EXPECT_EQ(message_of("\x7f\u0085\u009b"), "\\u{7f}\\u{85}\\u{9b}");
  EXPECT_EQ(message_of("\u2028\u2029\u202e\u2066\ufeff"), "\\u{2028}\\u{2029}\\u{202e}\\u{2066}\\u{feff}");
  EXPECT_EQ(message_of("\xFF and \xE2\x82"), "\uFFFD and \uFFFD");
  EXPECT_EQ(message_of("나루 🚣 é \u00a0 \\n"), "나루 🚣 é \u00a0 \\n");
}

TEST_F(Log, LongMessagesAreCut) {
  EXPECT_EQ(message_of(std::string(kMaxLogMessage, 'x')), std::string(kMaxLogMessage, 'x'));
  EXPECT_EQ(message_of(std::string(kMaxLogMessage + 7, 'x')),
            std::string(kMaxLogMessage, 'x') + " (7 more bytes)");
}

TEST_F(Log, ASinkMayThrowAndMayLog) {
  int calls = 0;
  set_log_sink([&calls](Level, std::string_view, std::string_view) {
    ++calls;
    log(Level::error, "sink", "inside");
    throw std::runtime_error("no");
  });
  log(Level::info, "c", "one");
  log(Level::info, "c", "two");
  EXPECT_EQ(calls, 2);
}

TEST_F(Log, WritesTextToStderr) {
  const std::string line = on_stderr(LogFormat::text, "http", "say \"hi\"\nfake");
  EXPECT_EQ(line.substr(line.find(' ')), " warning [http] say \"hi\"\\nfake\n");
  EXPECT_EQ(line.find('Z'), 23U) << line;
}

TEST_F(Log, WritesJsonToStderr) {
  const std::string line = on_stderr(LogFormat::json, "ht\"tp", "say \"hi\"\n\xFF");
  ASSERT_EQ(line.back(), '\n');
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json.at("level"), "warning");
  EXPECT_EQ(json.at("component"), "ht\"tp");
  EXPECT_EQ(json.at("message"), "say \"hi\"\\n\uFFFD");
  EXPECT_EQ(json.at("time").get<std::string>().size(), 24U);
}

TEST_F(Log, ThreadsMayLogWhileTheSinkIsReplaced) {
  std::atomic<int> first{0};
  std::atomic<int> second{0};
  set_log_sink([&first](Level, std::string_view, std::string_view) { ++first; });
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int line = 0; line < 1000; ++line)
        log(Level::info, "c", "line");
    });
  }
  set_log_sink([&second](Level, std::string_view, std::string_view) { ++second; });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(first + second, 4000);
}

}  // namespace
}  // namespace naru
