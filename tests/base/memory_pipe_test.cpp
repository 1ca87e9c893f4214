// What the tests of all protocols stand on is tested too.
#include "support/memory_pipe.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/split_everywhere.hpp"

namespace naru::test {
namespace {

TEST(MemoryPipe, CarriesBytesBothWaysOnlyInRun) {
  MemoryPipe pipe;
  StreamRecorder left(pipe.left()), right(pipe.right());
  EXPECT_EQ(pipe.left().write("ping"), base::WriteStatus::sent);
  EXPECT_EQ(pipe.right().write("pong"), base::WriteStatus::sent);
  EXPECT_EQ(right.bytes, "");
  pipe.run();
  EXPECT_EQ(right.bytes, "ping");
  EXPECT_EQ(left.bytes, "pong");
  EXPECT_FALSE(pipe.step());
}

TEST(MemoryPipe, ASmallWindowBuffersAndTellsWhenItHasDrained) {
  MemoryPipe pipe({.window = 3});
  StreamRecorder left(pipe.left()), right(pipe.right());
  EXPECT_EQ(pipe.left().write("hello"), base::WriteStatus::buffered);
  EXPECT_EQ(pipe.left().buffered(), 2U);
  EXPECT_EQ(pipe.left().write("!"), base::WriteStatus::buffered);
  pipe.run();
  EXPECT_EQ(right.bytes, "hello!");
  EXPECT_EQ(left.writable, 1);
}

TEST(MemoryPipe, APausedReaderStopsTheWriter) {
  MemoryPipe pipe({.window = 3});
  StreamRecorder left(pipe.left()), right(pipe.right());
  pipe.right().pause_reading();
  pipe.left().write("hello");
  pipe.run();
  EXPECT_EQ(right.bytes, "");
  EXPECT_EQ(pipe.left().buffered(), 2U);
  pipe.right().resume_reading();
  pipe.run();
  EXPECT_EQ(right.bytes, "hello");
}

TEST(MemoryPipe, EndsInOrder) {
  MemoryPipe pipe({.window = 2});
  StreamRecorder left(pipe.left()), right(pipe.right());
  pipe.left().write("bye");
  pipe.left().shutdown();
  EXPECT_EQ(pipe.left().write("too late"), base::WriteStatus::closed);
  pipe.run();
  EXPECT_EQ(right.bytes, "bye");
  EXPECT_TRUE(right.has_ended);
  EXPECT_FALSE(right.closed);
  pipe.right().write("you too");
  pipe.right().shutdown();
  pipe.run();
  EXPECT_EQ(left.bytes, "you too");
  EXPECT_EQ(left.closed, std::error_code());
  EXPECT_EQ(right.closed, std::error_code());
}

TEST(MemoryPipe, AbortIsAResetForThePeerAndSilenceForTheOwner) {
  MemoryPipe pipe;
  StreamRecorder left(pipe.left()), right(pipe.right());
  pipe.left().write("last words");
  pipe.left().abort();
  pipe.run();
  EXPECT_EQ(right.bytes, "last words");
  EXPECT_EQ(right.closed, std::errc::connection_reset);
  EXPECT_FALSE(left.closed);
}

TEST(MemoryPipe, ATakenEndThatIsDestroyedAborts) {
  MemoryPipe pipe;
  StreamRecorder right(pipe.right());
  auto left = pipe.take_left();
  left.reset();
  pipe.run();
  EXPECT_EQ(right.closed, std::errc::connection_reset);
}

// Consumes whole lines only.
struct LineReader : base::StreamEvents {
  std::size_t on_bytes(std::span<char> bytes) override {
    const std::string_view view(bytes.data(), bytes.size());
    const std::size_t end = view.find('\n');
    if (end == view.npos) return 0;
    lines += std::string(view.substr(0, end)) + "|";
    return end + 1;
  }
  void on_end() override {}
  void on_closed(std::error_code) override {}
  std::string lines;
};

TEST(MemoryPipe, TheTailIsOfferedAgain) {
  MemoryPipe pipe({.max_read = 1});
  LineReader reader;
  pipe.right().set_events(&reader);
  pipe.left().write("one\ntwo\nthr");
  pipe.run();
  EXPECT_EQ(reader.lines, "one|two|");
  EXPECT_EQ(pipe.right().unconsumed(), 3U);
  StreamRecorder next(pipe.right());
  pipe.run();
  EXPECT_EQ(next.bytes, "thr");
}

TEST(MemoryPipe, AFullTailStopsReading) {
  MemoryPipe pipe({.max_tail = 4});
  LineReader reader;
  pipe.right().set_events(&reader);
  pipe.left().write("too long a line\n");
  pipe.run();
  EXPECT_EQ(reader.lines, "");
  EXPECT_EQ(pipe.right().unconsumed(), 4U);
}

TEST(SplitEverywhere, FeedsTheUnconsumedTailAgain) {
  const auto lines = expect_same_when_split("one\ntwo\nrest", [](Pieces pieces) {
    std::string seen;
    const std::string tail = feed_with_tail(pieces, [&seen](std::span<char> bytes) {
      std::size_t consumed = 0;
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (bytes[at] != '\n') continue;
        seen.append(bytes.data() + consumed, at - consumed) += '|';
        consumed = at + 1;
      }
      return consumed;
    });
    return seen + tail;
  });
  EXPECT_EQ(lines, "one|two|rest");
}

}  // namespace
}  // namespace naru::test
