#include "channel/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/fake_clock.hpp"

namespace naru::channel {
namespace {

using namespace std::chrono_literals;

Epoch test_epoch() {
  std::array<std::byte, Epoch::kBytes> bytes;
  bytes.fill(std::byte{7});
  return Epoch::from_bytes(bytes);
}

Message text_message(std::string_view text) {
  Message message;
  message.kind = Kind::text;
  message.data = base::Frame::copy(text);
  return message;
}

class LogTest : public testing::Test {
 protected:
  std::uint64_t append(Log& log, std::string_view text, std::string_view key = {}) {
    return log.append(text_message(text), key, clock_.now(), clock_.wall()).offset;
  }
  std::uint64_t publish(Log& log, std::string_view text, std::string_view key = {}) {
    const std::uint64_t offset = append(log, text, key);
    log.commit_through(offset, clock_.now());
    return offset;
  }
  static std::vector<std::string> forward(const Log& log, std::uint64_t after,
                                          std::size_t limit = Log::kMaxRead) {
    std::vector<PublicationRef> out(limit);
    out.resize(log.read_forward(after, out));
    return texts(out);
  }
  static std::vector<std::string> backward(const Log& log, std::uint64_t before,
                                           std::size_t limit = Log::kMaxRead) {
    std::vector<PublicationRef> out(limit);
    out.resize(log.read_backward(before, out));
    return texts(out);
  }
  static std::vector<std::string> texts(const std::vector<PublicationRef>& page) {
    std::vector<std::string> texts;
    texts.reserve(page.size());
    for (const auto& publication : page)
      texts.emplace_back(publication->message.data.view());
    return texts;
  }

  using Texts = std::vector<std::string>;
  test::FakeClock clock_;
};

TEST_F(LogTest, NumbersFromOne) {
  Log log(test_epoch(), {});
  EXPECT_EQ(log.bounds(), (Bounds{1, 0}));
  EXPECT_TRUE(log.bounds().empty());
  EXPECT_EQ(publish(log, "a"), 1u);
  EXPECT_EQ(publish(log, "b"), 2u);
  EXPECT_EQ(log.bounds(), (Bounds{1, 2}));
  EXPECT_EQ(log.position(), (Position{test_epoch(), 2}));
}

TEST_F(LogTest, GoesOnAfterAnEnd) {
  Log log(test_epoch(), {}, 41);
  EXPECT_EQ(log.bounds(), (Bounds{42, 41}));
  EXPECT_EQ(publish(log, "x"), 42u);
  EXPECT_EQ(forward(log, 0), Texts{"x"});
}

TEST_F(LogTest, NothingIsSeenBeforeItsCommit) {
  Log log(test_epoch(), {});
  append(log, "a");
  append(log, "b");
  EXPECT_TRUE(forward(log, 0).empty());
  EXPECT_TRUE(backward(log, 99).empty());
  EXPECT_TRUE(log.has_pending());
  EXPECT_EQ(log.reserved_end(), 2u);
  log.commit_through(1, clock_.now());
  EXPECT_EQ(forward(log, 0), Texts{"a"});
  EXPECT_EQ(backward(log, 99), Texts{"a"});
  log.commit_through(2, clock_.now());
  EXPECT_EQ(forward(log, 0), (Texts{"a", "b"}));
  EXPECT_FALSE(log.has_pending());
}

TEST_F(LogTest, FailedNumbersAreGivenAgainAndTheirKeysAreFree) {
  Log log(test_epoch(), {});
  publish(log, "a", "key-a");
  append(log, "b", "key-b");
  append(log, "c", "key-c");
  log.fail_from(2);
  EXPECT_FALSE(log.has_pending());
  EXPECT_EQ(log.keys().find("key-a"), 1u);
  EXPECT_EQ(log.keys().find("key-b"), std::nullopt);
  EXPECT_EQ(publish(log, "c again", "key-c"), 2u);
  EXPECT_EQ(forward(log, 0), (Texts{"a", "c again"}));
}

TEST_F(LogTest, AnIdempotencyKeyIsAppendedOnce) {
  Log log(test_epoch(), {});
  const auto first = log.append(text_message("a"), "key", clock_.now(), clock_.wall());
  EXPECT_FALSE(first.repeated);
  const auto pending_again = log.append(text_message("a"), "key", clock_.now(), clock_.wall());
  EXPECT_TRUE(pending_again.repeated);
  EXPECT_EQ(pending_again.offset, first.offset);
  EXPECT_EQ(pending_again.publication, nullptr);
  log.commit_through(1, clock_.now());
  EXPECT_TRUE(log.append(text_message("other"), "key", clock_.now(), clock_.wall()).repeated);
  EXPECT_EQ(log.reserved_end(), 1u);
  // Without a key, equal messages are different messages.
  publish(log, "a");
  publish(log, "a");
  EXPECT_EQ(log.reserved_end(), 3u);
}

TEST_F(LogTest, ReadsPagesInBothDirections) {
  Log log(test_epoch(), {});
  for (const char* text : {"1", "2", "3", "4", "5"})
    publish(log, text);
  EXPECT_EQ(forward(log, 0, 2), (Texts{"1", "2"}));
  EXPECT_EQ(forward(log, 2, 2), (Texts{"3", "4"}));
  EXPECT_EQ(forward(log, 4, 2), (Texts{"5"}));
  EXPECT_TRUE(forward(log, 5, 2).empty());
  EXPECT_TRUE(forward(log, 99, 2).empty());
  EXPECT_EQ(backward(log, 6, 2), (Texts{"4", "5"}));
  EXPECT_EQ(backward(log, 99, 2), (Texts{"4", "5"}));
  EXPECT_EQ(backward(log, 4, 2), (Texts{"2", "3"}));
  EXPECT_EQ(backward(log, 2, 2), (Texts{"1"}));
  EXPECT_TRUE(backward(log, 1, 2).empty());
  EXPECT_TRUE(backward(log, 0, 2).empty());
  EXPECT_TRUE(forward(log, 0, 0).empty());
}

TEST_F(LogTest, CopiesSixtyFourReferencesAtMost) {
  Log log(test_epoch(), {});
  for (int i = 0; i < 100; ++i)
    publish(log, std::to_string(i));
  EXPECT_EQ(forward(log, 0, 1000).size(), 64u);
  EXPECT_EQ(backward(log, 101, 1000).size(), 64u);
  EXPECT_EQ(backward(log, 101, 1000).back(), "99");
}

TEST_F(LogTest, KeepsAtMostCount) {
  Log log(test_epoch(), {.count = 3});
  for (const char* text : {"1", "2", "3"})
    publish(log, text);
  EXPECT_EQ(log.bounds(), (Bounds{1, 3}));
  publish(log, "4");
  EXPECT_EQ(log.bounds(), (Bounds{2, 4}));
  EXPECT_EQ(forward(log, 0), (Texts{"2", "3", "4"}));
}

TEST_F(LogTest, KeepsAtMostBytes) {
  const std::size_t cost = Publication::kOverhead + 1;
  Log log(test_epoch(), {.bytes = 2 * cost});
  publish(log, "1");
  publish(log, "2");
  EXPECT_EQ(log.bounds().oldest, 1u);
  publish(log, "3");
  EXPECT_EQ(log.bounds().oldest, 2u);
  EXPECT_EQ(log.memory(), 2 * cost);
  append(log, "4");  // pending: takes memory, pushes nothing out before it is committed
  EXPECT_EQ(log.bounds().oldest, 2u);
  EXPECT_EQ(log.memory(), 3 * cost);
  log.fail_from(4);
  EXPECT_EQ(log.memory(), 2 * cost);
}

TEST_F(LogTest, KeepsNothingOlderThanAge) {
  Log log(test_epoch(), {.age = 10s});
  publish(log, "1");
  clock_.advance(9s);
  publish(log, "2");
  log.expire(clock_.now());
  EXPECT_EQ(forward(log, 0), (Texts{"1", "2"}));
  clock_.advance(1s);
  log.expire(clock_.now());
  EXPECT_EQ(forward(log, 0), Texts{"2"});
  clock_.advance(9s);
  log.expire(clock_.now());
  EXPECT_TRUE(log.bounds().empty());
  EXPECT_EQ(log.bounds(), (Bounds{3, 2}));
  EXPECT_EQ(publish(log, "3"), 3u);
  EXPECT_EQ(forward(log, 0), Texts{"3"});
}

TEST_F(LogTest, PendingMessagesDoNotAge) {
  Log log(test_epoch(), {.age = 10s});
  append(log, "1");
  clock_.advance(1h);
  log.expire(clock_.now());
  EXPECT_EQ(log.reserved_end(), 1u);
  EXPECT_TRUE(log.has_pending());
}

TEST_F(LogTest, RestoresWhatAStoreKept) {
  Log log(test_epoch(), {}, 9);
  for (std::uint64_t offset = 7; offset <= 9; ++offset) {
    log.restore(
        std::make_shared<const Publication>(Publication{.position = {test_epoch(), offset},
                                                        .message = text_message(std::to_string(offset)),
                                                        .appended = clock_.now(),
                                                        .wall = clock_.wall()}));
  }
  log.restore_key("old", 8, clock_.now());
  EXPECT_EQ(log.bounds(), (Bounds{7, 9}));
  EXPECT_EQ(forward(log, 7), (Texts{"8", "9"}));
  EXPECT_TRUE(log.append(text_message("x"), "old", clock_.now(), clock_.wall()).repeated);
  EXPECT_EQ(publish(log, "10"), 10u);
}

// What the log should be, said in the plainest way: every message ever published, and which of them count.
class Model {
 public:
  struct Entry {
    std::string text;
    std::string key;
    base::TimePoint at;
  };
  std::vector<Entry> entries;  // entries[offset - 1]
  std::uint64_t visible_end = 0;
  std::uint64_t oldest = 1;

  std::vector<std::string> visible(std::uint64_t from, std::uint64_t to) const {
    std::vector<std::string> texts;
    for (std::uint64_t at = std::max(from, oldest); at <= std::min(to, visible_end); ++at)
      texts.push_back(entries[at - 1].text);
    return texts;
  }
  void trim(const LogLimits& limits, base::TimePoint now) {
    const auto bytes = [this] {
      std::size_t sum = 0;
      for (std::uint64_t at = oldest; at <= visible_end; ++at)
        sum += Publication::kOverhead + entries[at - 1].text.size();
      return sum;
    };
    while (oldest <= visible_end && (visible_end - oldest + 1 > limits.count || bytes() > limits.bytes ||
                                     now - entries[oldest - 1].at >= limits.age)) {
      ++oldest;
    }
  }
};

TEST_F(LogTest, BehavesLikeTheModelUnderRandomUse) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const LogLimits limits{.count = 1 + random() % 8,
                           .bytes = (Publication::kOverhead + 4) * (2 + random() % 8),
                           .age = std::chrono::seconds(5 + random() % 30),
                           .keys = 1000,
                           .key_age = 1h};
    Log log(test_epoch(), limits);
    Model model;
    std::map<std::string, std::uint64_t> keys;
    for (int step = 0; step < 120; ++step) {
      switch (random() % 6) {
        case 0:
        case 1:
        case 2: {
          const std::string text(random() % 8, 'm');
          const std::string key = random() % 2 == 0 ? "" : "k" + std::to_string(random() % 20);
          const auto appended = log.append(text_message(text), key, clock_.now(), clock_.wall());
          const auto known = keys.find(key);
          ASSERT_EQ(appended.repeated, known != keys.end());
          if (appended.repeated) {
            ASSERT_EQ(appended.offset, known->second);
          } else {
            model.entries.push_back({text, key, clock_.now()});
            ASSERT_EQ(appended.offset, model.entries.size());
            if (!key.empty()) keys[key] = appended.offset;
          }
          break;
        }
        case 3: {
          const std::uint64_t pending = model.entries.size() - model.visible_end;
          model.visible_end += pending == 0 ? 0 : random() % (pending + 1);
          log.commit_through(model.visible_end, clock_.now());
          model.trim(limits, clock_.now());
          break;
        }
        case 4: {
          if (model.entries.size() == model.visible_end) break;
          const std::uint64_t from =
              model.visible_end + 1 + random() % (model.entries.size() - model.visible_end);
          log.fail_from(from);
          model.entries.resize(from - 1);
          std::erase_if(keys, [&](const auto& key) { return key.second >= from; });
          break;
        }
        case 5:
          clock_.advance(std::chrono::seconds(random() % 8));
          log.expire(clock_.now());
          model.trim(limits, clock_.now());
          break;
      }
      ASSERT_EQ(log.bounds(), (Bounds{model.oldest, model.visible_end}));
      ASSERT_EQ(log.reserved_end(), model.entries.size());
      const std::uint64_t at = random() % (model.entries.size() + 3);
      ASSERT_EQ(forward(log, at), model.visible(at + 1, model.visible_end));
      ASSERT_EQ(backward(log, at), at == 0 ? Texts{} : model.visible(1, at - 1));
    }
  }
}

}  // namespace
}  // namespace naru::channel
