#include "net/tcp_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "net/loop.hpp"
#include "net/sockets.hpp"

namespace naru::net {
namespace {

using base::WriteStatus;

// What a stream told its owner, and what the owner does then.
struct Recorder final : base::StreamEvents {
  std::size_t on_bytes(std::span<char> bytes) override {
    offers.emplace_back(bytes.data(), bytes.size());
    const std::size_t count = take ? take(bytes) : bytes.size();
    received.append(bytes.data(), count);
    story += 'b';
    return count;
  }
  void on_writable() override {
    story += 'w';
    if (when_writable) when_writable();
  }
  void on_end() override {
    story += 'e';
    if (when_ended) when_ended();
  }
  void on_closed(std::error_code why) override {
    story += 'c';
    reason = why;
    if (when_closed) when_closed();
  }
  bool is_over() const { return story.find('c') != std::string::npos; }

  Function<std::size_t(std::span<char>)> take;
  Function<void()> when_writable;
  Function<void()> when_ended;
  Function<void()> when_closed;
  std::string received;
  std::vector<std::string> offers;
  std::string story;  // b: bytes, w: writable, e: end, c: closed
  std::error_code reason;
};

enum class Kind { tcp, unix };

class TcpStreamTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { open(); }

  void open(StreamOptions options = {}) {
    stream.reset();
    auto [near, far] = GetParam() == Kind::tcp ? tcp_pair() : unix_pair();
    peer = std::move(far);
    stream = std::make_unique<TcpStream>(loop, std::move(near), options);
    stream->set_events(&events);
    turn_few(loop);
  }

  bool turns_until(const auto& is_so) { return turn_until(loop, is_so); }
  // Fills the kernel's buffers; returns what was written.
  std::string fill() {
    std::string all;
    const std::string part(60'000, 'f');
    for (WriteStatus status = WriteStatus::sent; status != WriteStatus::buffered;) {
      status = stream->write(part);
      EXPECT_NE(status, WriteStatus::closed);
      all += part;
      loop.poll();
    }
    return all;
  }
  std::string drain_peer(std::size_t size) {
    std::string got;
    EXPECT_TRUE(turns_until([&] {
      got += receive_now(peer);
      return got.size() >= size;
    }));
    return got;
  }
  std::size_t tails() const { return loop_ledger->bytes(Account::read_tails); }
  std::size_t queues() const { return loop_ledger->bytes(Account::write_queues); }

  Loop loop;
  Ledger* loop_ledger = &loop.ledger();
  Recorder events;
  UniqueDescriptor peer;
  std::unique_ptr<TcpStream> stream;
};

INSTANTIATE_TEST_SUITE_P(Sockets, TcpStreamTest, testing::Values(Kind::tcp, Kind::unix),
                         [](const auto& info) {
                           return std::string(info.param == Kind::tcp ? "tcp" : "unix");
                         });

TEST_P(TcpStreamTest, CarriesBytesBothWays) {
  send_all(peer, "hello");
  EXPECT_TRUE(turns_until([&] { return events.received == "hello"; }));
  EXPECT_EQ(stream->write("hi"), WriteStatus::sent);
  EXPECT_EQ(stream->write(" there"), WriteStatus::sent);
  EXPECT_EQ(receive_now(peer), "");  // nothing leaves before the turn's end
  loop.poll();
  EXPECT_EQ(receive_some(peer), "hi there");
}

TEST_P(TcpStreamTest, AddressIsThePeersOne) {
  EXPECT_EQ(stream->peer_address(), GetParam() == Kind::tcp ? "127.0.0.1" : "");
}

TEST_P(TcpStreamTest, OneReadAndOneWriteForEachTurn) {
  auto& metrics = loop.metrics();
  events.take = [&](std::span<char> bytes) {
    stream->write("a");
    stream->write("b");
    stream->write("c");
    return bytes.size();
  };
  for (int i = 0; i < 20; ++i) {
    const auto reads = metrics.reads.value();
    const auto writes = metrics.writes.value();
    send_all(peer, "request");
    ASSERT_TRUE(turns_until([&] { return events.offers.size() == static_cast<std::size_t>(i) + 1; }));
    EXPECT_EQ(receive_some(peer), "abc");
    EXPECT_EQ(metrics.reads.value() - reads, 1U);
    EXPECT_EQ(metrics.writes.value() - writes, 1U);
  }
}

TEST_P(TcpStreamTest, AnIdleTurnMakesNoSystemCall) {
  const auto reads = loop.metrics().reads.value();
  const auto writes = loop.metrics().writes.value();
  turn_few(loop);
  EXPECT_EQ(loop.metrics().reads.value(), reads);
  EXPECT_EQ(loop.metrics().writes.value(), writes);
}

TEST_P(TcpStreamTest, MoreThan16KiBLeavesAtOnceAndNotOneByteLess) {
  const std::string at_limit(TcpStream::kWriteAtOnce, 'x');
  stream->write(at_limit);
  EXPECT_EQ(receive_now(peer), "");
  stream->write("y");
  EXPECT_EQ(drain_peer(at_limit.size() + 1), at_limit + "y");
  const std::string above(TcpStream::kWriteAtOnce + 1, 'z');
  EXPECT_EQ(stream->write(above), WriteStatus::sent);
  EXPECT_EQ(receive_now(peer), above);
  EXPECT_EQ(stream->buffered(), 0U);
}

TEST_P(TcpStreamTest, ManySlicesKeepTheirOrder) {
  std::mt19937 random(1);
  std::string expected;
  for (int round = 0; round < 30; ++round) {
    std::vector<base::Slice> slices;
    const std::size_t count = random() % 40;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string bytes(random() % 3000, static_cast<char>('a' + random() % 26));
      expected += bytes;
      slices.emplace_back(base::Frame::copy(bytes));
    }
    stream->write(slices);
    if (random() % 2 == 0) loop.poll();
  }
  EXPECT_EQ(drain_peer(expected.size()), expected);
}

TEST_P(TcpStreamTest, KeepsWhatTheKernelDoesNotTakeAndTellsWhenItIsGone) {
  std::string expected = fill();
  EXPECT_GT(stream->buffered(), 0U);
  turn_few(loop);
  EXPECT_EQ(queues(), stream->buffered());
  EXPECT_EQ(stream->write("behind"), WriteStatus::buffered);
  expected += "behind";
  EXPECT_EQ(events.story, "");
  EXPECT_TRUE(drain_peer(expected.size()) == expected);
  EXPECT_TRUE(turns_until([&] { return events.story == "w"; }));
  EXPECT_EQ(stream->buffered(), 0U);
  EXPECT_EQ(queues(), 0U);
  turn_few(loop);
  EXPECT_EQ(events.story, "w");
}

TEST_P(TcpStreamTest, ABorrowedLargeWriteIsKeptAsACopy) {
  std::string expected = fill();
  {
    std::string gone(50'000, 'g');
    stream->write(gone);
    expected += gone;
    std::fill(gone.begin(), gone.end(), '!');
  }
  EXPECT_TRUE(drain_peer(expected.size()) == expected);
}

TEST_P(TcpStreamTest, WritesFromOnWritableGoOn) {
  std::string expected = fill();
  int left = 5;
  events.when_writable = [&] {
    if (left-- > 0) expected += fill();
  };
  std::string got;
  EXPECT_TRUE(turns_until([&] {
    got += receive_now(peer);
    return left < 0 && got.size() == expected.size();
  }));
  EXPECT_TRUE(got == expected);
}

TEST_P(TcpStreamTest, LargeTransfersArriveWhole) {
  std::string sent(3'000'000, '\0');
  std::mt19937 random(5);
  for (char& byte : sent)
    byte = static_cast<char>(random());
  std::thread sender([&] { send_all(peer, sent); });
  EXPECT_TRUE(turns_until([&] { return events.received.size() == sent.size(); }));
  sender.join();
  EXPECT_TRUE(events.received == sent);
  EXPECT_EQ(tails(), 0U);
}

// --- the unread tail ---

TEST_P(TcpStreamTest, OffersTheUnreadRestWithWhatComesNext) {
  std::size_t want = 10;
  events.take = [&](std::span<char> bytes) { return bytes.size() < want ? 0 : bytes.size(); };
  for (const char byte : std::string("0123456789")) {
    send_all(peer, std::string_view(&byte, 1));
    turn_few(loop);
  }
  ASSERT_TRUE(turns_until([&] { return events.received == "0123456789"; }));
  EXPECT_EQ(events.offers.size(), 10U);
  EXPECT_EQ(events.offers[4], "01234");
  EXPECT_EQ(tails(), 0U);
}

TEST_P(TcpStreamTest, RandomTakingLosesAndRepeatsNothing) {
  for (const std::size_t max_tail : {std::size_t{100}, std::size_t{20'000}, std::size_t{300'000}}) {
    events.received.clear();
    open({.max_tail = max_tail});
    std::mt19937 random(11);
    events.take = [&](std::span<char> bytes) -> std::size_t {
      EXPECT_LE(bytes.size(), max_tail);
      if (bytes.size() == max_tail) return 1 + random() % bytes.size();
      return random() % 3 == 0 ? 0 : random() % (bytes.size() + 1);
    };
    std::string sent(400'000, '\0');
    for (char& byte : sent)
      byte = static_cast<char>(random());
    std::thread sender([&] {
      send_all(peer, sent);
      ::shutdown(peer.get(), SHUT_WR);
    });
    // The end comes when all was offered, whether taken or not; then it is asked for again.
    EXPECT_TRUE(turns_until([&] {
      events.offers.clear();
      stream->resume_reading();
      return events.received.size() == sent.size();
    }));
    sender.join();
    EXPECT_TRUE(events.received == sent) << max_tail;
    EXPECT_TRUE(turns_until([&] { return events.story.find('e') != std::string::npos; }));
  }
}

TEST_P(TcpStreamTest, StopsReadingAtMaxTailAndGoesOnWhenResumed) {
  open({.max_tail = 1000});
  bool takes = false;
  events.take = [&](std::span<char> bytes) { return takes ? bytes.size() : 0; };
  const std::string sent(5000, 's');
  send_all(peer, sent);
  ASSERT_TRUE(turns_until([&] { return stream->tail_size() == 1000; }));
  turn_few(loop);
  EXPECT_EQ(stream->tail_size(), 1000U);
  EXPECT_LE(tails(), 1024U);
  EXPECT_GE(tails(), 1000U);
  send_all(peer, sent);
  turn_few(loop);
  EXPECT_EQ(stream->tail_size(), 1000U);

  stream->set_max_tail(3000);
  ASSERT_TRUE(turns_until([&] { return stream->tail_size() == 3000; }));
  turn_few(loop);
  EXPECT_EQ(stream->tail_size(), 3000U);

  takes = true;
  stream->resume_reading();
  EXPECT_TRUE(turns_until([&] { return events.received.size() == 10'000; }));
}

TEST_P(TcpStreamTest, PausedReadsNothingAndResumedReadsAll) {
  stream->pause_reading();
  send_all(peer, "waits");
  turn_few(loop);
  EXPECT_EQ(events.story, "");
  stream->resume_reading();
  EXPECT_EQ(events.story, "");  // never from inside the call
  EXPECT_TRUE(turns_until([&] { return events.received == "waits"; }));
}

TEST_P(TcpStreamTest, PausingInsideOnBytesKeepsTheRest) {
  events.take = [&](std::span<char> bytes) -> std::size_t {
    stream->pause_reading();
    return std::min<std::size_t>(1, bytes.size());
  };
  send_all(peer, "abc");
  ASSERT_TRUE(turns_until([&] { return events.received == "a"; }));
  turn_few(loop);
  EXPECT_EQ(events.offers.size(), 1U);
  stream->resume_reading();
  ASSERT_TRUE(turns_until([&] { return events.received == "ab"; }));
  stream->resume_reading();
  ASSERT_TRUE(turns_until([&] { return events.received == "abc"; }));
}

TEST_P(TcpStreamTest, ResumingInEveryCallDoesNotSpin) {
  events.take = [&](std::span<char>) -> std::size_t {
    stream->resume_reading();
    return 0;
  };
  send_all(peer, "partial");
  ASSERT_TRUE(turns_until([&] { return events.offers.size() == 1; }));
  turn_few(loop);
  EXPECT_EQ(events.offers.size(), 1U);
}

TEST_P(TcpStreamTest, BytesMayBeChangedInPlace) {
  events.take = [](std::span<char> bytes) {
    for (char& byte : bytes)
      byte = static_cast<char>(byte ^ 0x20);
    return bytes.size();
  };
  send_all(peer, "masked");
  EXPECT_TRUE(turns_until([&] { return events.received == "MASKED"; }));
}

// --- owners ---

TEST_P(TcpStreamTest, ANewOwnerGetsTheRestAtTheEndOfTheCall) {
  Recorder next;
  events.take = [&](std::span<char>) -> std::size_t {
    stream->set_events(&next);
    return 4;
  };
  send_all(peer, "headbody");
  ASSERT_TRUE(turns_until([&] { return !next.received.empty(); }));
  EXPECT_EQ(events.received, "head");
  EXPECT_EQ(next.received, "body");
  send_all(peer, "more");
  EXPECT_TRUE(turns_until([&] { return next.received == "bodymore"; }));
  EXPECT_EQ(events.received, "head");
}

TEST_P(TcpStreamTest, WithoutAnOwnerBytesWait) {
  stream->set_events(nullptr);
  send_all(peer, "early");
  turn_few(loop);
  EXPECT_EQ(events.story, "");
  stream->set_events(&events);
  EXPECT_TRUE(turns_until([&] { return events.received == "early"; }));
}

TEST_P(TcpStreamTest, ANewOwnerIsToldAnEndThatTheOldOneWasToldOf) {
  events.take = [](std::span<char>) { return 0; };
  send_all(peer, "tail");
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(turns_until([&] { return events.story == "be"; }));
  Recorder next;
  stream->set_events(&next);
  EXPECT_TRUE(turns_until([&] { return next.story == "be"; }));
  EXPECT_EQ(next.received, "tail");
}

TEST(TcpStream, AnOwnerThatComesAfterTheCloseIsTold) {
  Loop loop;
  auto [near, peer] = tcp_pair();
  TcpStream stream(loop, std::move(near));
  turn_few(loop);
  reset_connection(peer);
  ASSERT_TRUE(turn_until(loop, [&] { return stream.is_closed(); }));
  Recorder events;
  stream.set_events(&events);
  EXPECT_EQ(events.story, "");
  EXPECT_TRUE(turn_until(loop, [&] { return events.story == "c"; }));
  EXPECT_EQ(events.reason, std::errc::connection_reset);
}

// --- ends ---

TEST_P(TcpStreamTest, AFinWithTheLastBytesGivesBytesThenEnd) {
  send_all(peer, "last");
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(turns_until([&] { return events.story == "be"; }));
  EXPECT_EQ(events.received, "last");
  EXPECT_TRUE(stream->is_ended());
  EXPECT_EQ(stream->write("still works"), WriteStatus::sent);
  loop.poll();
  EXPECT_EQ(receive_some(peer), "still works");
  stream->shutdown();
  ASSERT_TRUE(turns_until([&] { return events.story == "bec"; }));
  EXPECT_FALSE(events.reason);
  EXPECT_EQ(receive_some(peer), "");
}

TEST_P(TcpStreamTest, AFinBehindManyBytesComesAfterAllOfThem) {
  // Fits into the kernel's buffers, and is more than one receive buffer.
  const std::string sent(150'000, 'm');
  stream->pause_reading();
  send_all(peer, sent);
  ::shutdown(peer.get(), SHUT_WR);
  turn_few(loop);
  EXPECT_EQ(events.story, "");
  stream->resume_reading();
  ASSERT_TRUE(turns_until([&] { return events.story.ends_with('e'); }));
  EXPECT_EQ(events.received, sent);
}

TEST_P(TcpStreamTest, AnEndIsNoticedWhileATailWaits) {
  events.take = [](std::span<char>) { return 0; };
  send_all(peer, "GET /second");
  ASSERT_TRUE(turns_until([&] { return events.story == "b"; }));
  ::shutdown(peer.get(), SHUT_WR);
  EXPECT_TRUE(turns_until([&] { return events.story == "be"; }));
  EXPECT_EQ(stream->tail_size(), 11U);
}

TEST_P(TcpStreamTest, ShutdownSendsFinAfterAllBytesAndReadsOn) {
  std::string expected = fill();
  stream->shutdown();
  stream->shutdown();
  EXPECT_EQ(stream->write("too late"), WriteStatus::closed);
  EXPECT_TRUE(drain_peer(expected.size()) == expected);
  turn_few(loop);
  EXPECT_EQ(receive_some(peer), "");
  send_all(peer, "answer");
  ASSERT_TRUE(turns_until([&] { return events.received == "answer"; }));
  EXPECT_FALSE(events.is_over());
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(turns_until([&] { return events.is_over(); }));
  EXPECT_TRUE(events.story.ends_with("ec")) << events.story;
  EXPECT_FALSE(events.reason);
}

TEST_P(TcpStreamTest, ShutdownInsideOnEndCloses) {
  events.when_ended = [&] {
    stream->write("bye");
    stream->shutdown();
  };
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(turns_until([&] { return events.story == "ec"; }));
  EXPECT_FALSE(events.reason);
  EXPECT_EQ(receive_some(peer), "bye");
  EXPECT_EQ(receive_some(peer), "");
}

TEST_P(TcpStreamTest, ALingeringCloseDiscardsWhatStillComes) {
  stream->write("413");
  stream->shutdown();
  const std::string upload(500'000, 'u');
  std::thread sender([&] {
    send_all(peer, upload);
    ::shutdown(peer.get(), SHUT_WR);
  });
  EXPECT_TRUE(turns_until([&] { return events.is_over(); }));
  sender.join();
  EXPECT_FALSE(events.reason);
  EXPECT_EQ(receive_some(peer), "413");
}

TEST_P(TcpStreamTest, AbortIsTheLastThing) {
  stream->write("lost");
  stream->abort();
  stream->abort();
  EXPECT_TRUE(stream->is_closed());
  EXPECT_EQ(stream->write("more"), WriteStatus::closed);
  turn_few(loop);
  EXPECT_EQ(events.story, "");
  EXPECT_EQ(receive_some(peer), "");
}

TEST_P(TcpStreamTest, AbortInsideEveryEvent) {
  events.take = [&](std::span<char> bytes) {
    stream->abort();
    EXPECT_EQ(std::string(bytes.data(), bytes.size()), "x");  // the view stays valid
    return 0;
  };
  send_all(peer, "x");
  ASSERT_TRUE(turns_until([&] { return events.story == "b"; }));
  turn_few(loop);
  EXPECT_EQ(events.story, "b");

  open();
  events.story.clear();
  events.when_ended = [&] { stream->abort(); };
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(turns_until([&] { return events.story == "e"; }));

  open();
  events.story.clear();
  events.when_writable = [&] { stream->abort(); };
  const std::size_t size = fill().size();
  drain_peer(size);
  ASSERT_TRUE(turns_until([&] { return events.story == "w"; }));
  turn_few(loop);
  EXPECT_EQ(events.story, "w");
  EXPECT_EQ(queues(), 0U);
}

TEST_P(TcpStreamTest, AbortWhileAKeptTailIsOffered) {
  events.take = [&](std::span<char> bytes) -> std::size_t {
    if (events.offers.size() < 2) return 0;
    stream->abort();
    EXPECT_EQ(std::string(bytes.data(), bytes.size()), "kept");
    return 1;
  };
  send_all(peer, "kept");
  ASSERT_TRUE(turns_until([&] { return events.story == "b"; }));
  stream->resume_reading();
  ASSERT_TRUE(turns_until([&] { return events.story == "bb"; }));
  EXPECT_EQ(tails(), 0U);
}

TEST_P(TcpStreamTest, DisposedInsideItsEventsItLivesToTheTurnsEnd) {
  events.take = [&](std::span<char> bytes) {
    loop.dispose(std::move(stream));
    return bytes.size();
  };
  send_all(peer, "x");
  EXPECT_TRUE(turns_until([&] { return stream == nullptr; }));
  EXPECT_EQ(receive_some(peer), "");

  open();
  events.take = nullptr;
  events.when_ended = [&] { stream->shutdown(); };
  events.when_closed = [&] { loop.dispose(std::move(stream)); };
  ::shutdown(peer.get(), SHUT_WR);
  EXPECT_TRUE(turns_until([&] { return stream == nullptr; }));
}

TEST_P(TcpStreamTest, WritingToAPeerThatIsGoneClosesOnce) {
  peer.reset();
  ASSERT_TRUE(turns_until([&] { return events.story == "e"; }));
  EXPECT_TRUE(turns_until([&] {
    stream->write("anyone?");
    return events.is_over();
  }));
  EXPECT_TRUE(events.reason);
  turn_few(loop);
  EXPECT_EQ(std::count(events.story.begin(), events.story.end(), 'c'), 1);
  EXPECT_EQ(stream->write("no"), WriteStatus::closed);
}

TEST_P(TcpStreamTest, AFailedLargeWriteSaysClosedAndTellsLater) {
  peer.reset();
  ASSERT_TRUE(turns_until([&] { return events.story == "e"; }));
  const std::string large(100'000, 'l');
  WriteStatus status = stream->write(large);
  // TCP takes it and is answered with a reset; a Unix socket knows at once.
  while (status != WriteStatus::closed && !events.is_over()) {
    turn_few(loop);
    status = stream->write(large);
  }
  EXPECT_TRUE(turns_until([&] { return events.story == "ec"; }));
  EXPECT_EQ(stream->buffered(), 0U);
}

TEST(TcpStream, AResetIsAnErrorWhileReadingAndWhilePaused) {
  for (const bool is_paused : {false, true}) {
    for (const bool has_bytes : {false, true}) {
      Loop loop;
      auto [near, peer] = tcp_pair();
      Recorder events;
      TcpStream stream(loop, std::move(near));
      stream.set_events(&events);
      turn_few(loop);
      if (is_paused) stream.pause_reading();
      if (has_bytes) send_all(peer, "words");
      reset_connection(peer);
      ASSERT_TRUE(turn_until(loop, [&] { return events.is_over(); }));
      EXPECT_EQ(events.reason, std::errc::connection_reset);
      EXPECT_EQ(events.received, has_bytes && !is_paused ? "words" : "");
      EXPECT_EQ(std::count(events.story.begin(), events.story.end(), 'e'), 0);
    }
  }
}

TEST(TcpStream, IsSmallAndIdleOwnsNothing) {
  EXPECT_LE(sizeof(TcpStream), 96U);
  Loop loop;
  auto [near, peer] = tcp_pair();
  Recorder events;
  TcpStream stream(loop, std::move(near));
  stream.set_events(&events);
  for (int i = 0; i < 3; ++i) {
    send_all(peer, "ping");
    ASSERT_TRUE(
        turn_until(loop, [&] { return events.received.size() == 4U * (static_cast<unsigned>(i) + 1); }));
    stream.write("pong");
    loop.poll();
  }
  EXPECT_EQ(loop.ledger().total(), 0U);
}

TEST(TcpStream, AFanOutIsOneWritePerConnectionAndTurn) {
  constexpr std::size_t kFollowers = 200;
  constexpr int kMessages = 10;
  Loop loop;
  std::vector<std::unique_ptr<TcpStream>> streams;
  std::vector<UniqueDescriptor> peers;
  for (std::size_t i = 0; i < kFollowers; ++i) {
    auto [near, far] = unix_pair();
    streams.push_back(std::make_unique<TcpStream>(loop, std::move(near)));
    peers.push_back(std::move(far));
  }
  turn_few(loop);
  const auto before = loop.metrics().writes.value();
  const base::Frame frame = base::Frame::copy(std::string(60, 'm'));
  loop.at_end_of_turn([&] {
    for (int message = 0; message < kMessages; ++message) {
      for (auto& stream : streams)
        stream->write(base::Slice(frame));
    }
  });
  loop.poll();
  EXPECT_EQ(loop.metrics().writes.value() - before, kFollowers);
  for (const auto& peer : peers)
    EXPECT_EQ(receive_some(peer).size(), 60U * kMessages);
}

TEST(TcpStream, AStreamThatFloodsDoesNotHoldTheOthers) {
  Loop loop;
  auto [near1, flooder] = unix_pair();
  auto [near2, quiet] = unix_pair();
  Recorder flooded;
  Recorder other;
  TcpStream first(loop, std::move(near1));
  TcpStream second(loop, std::move(near2));
  first.set_events(&flooded);
  second.set_events(&other);
  turn_few(loop);
  const std::string flood(150'000, 'f');
  ASSERT_EQ(::send(flooder.get(), flood.data(), flood.size(), MSG_NOSIGNAL), 150'000);
  send_all(quiet, "me too");
  loop.poll();
  EXPECT_EQ(other.received, "me too");
  EXPECT_LE(flooded.received.size(), 2 * Loop::kReceiveSize);
  EXPECT_TRUE(turn_until(loop, [&] { return flooded.received == flood; }));
}

// --- moving between loops ---

TEST_P(TcpStreamTest, MovesWithItsTailAndItsUnsentBytes) {
  events.take = [](std::span<char>) { return 0; };
  send_all(peer, "tail");
  ASSERT_TRUE(turns_until([&] { return stream->tail_size() == 4; }));
  std::string expected = fill();
  turn_few(loop);
  stream->leave_loop();
  EXPECT_EQ(loop.ledger().total(), 0U);
  EXPECT_EQ(stream->write("between"), WriteStatus::buffered);
  expected += "between";
  send_all(peer, "+more");
  turn_few(loop);

  Loop next;
  Recorder there;
  stream->set_events(&there);
  stream->join_loop(next);
  EXPECT_GT(next.ledger().bytes(Account::write_queues), 0U);
  std::string got;
  EXPECT_TRUE(turn_until(next, [&] {
    got += receive_now(peer);
    return got.size() == expected.size() && there.received == "tail+more";
  }));
  EXPECT_TRUE(got == expected);
  EXPECT_TRUE(turn_until(next, [&] { return there.story.find('w') != std::string::npos; }));
  stream.reset();
  EXPECT_EQ(next.ledger().total(), 0U);
}

TEST_P(TcpStreamTest, AnEndDuringTheMoveIsNoticed) {
  stream->leave_loop();
  send_all(peer, "last");
  ::shutdown(peer.get(), SHUT_WR);
  Loop next;
  stream->join_loop(next);
  EXPECT_TRUE(turn_until(next, [&] { return events.story == "be"; }));
  stream.reset();
}

TEST_P(TcpStreamTest, AShutdownDuringTheMoveIsDone) {
  stream->write("bye");
  stream->leave_loop();
  stream->shutdown();
  Loop next;
  stream->join_loop(next);
  turn_few(next);
  EXPECT_EQ(receive_some(peer), "bye");
  EXPECT_EQ(receive_some(peer), "");
  stream.reset();
}

// Echoes on whichever loop it lives, and moves to the other one every few messages.
class Wanderer final : public base::StreamEvents {
 public:
  Wanderer(Loop& first, Loop& second) : home_(&first), other_(&second) {}

  void begin(std::unique_ptr<TcpStream> stream) {
    stream_ = std::move(stream);
    stream_->set_events(this);
  }
  int moves() const { return moves_.load(); }

 private:
  std::size_t on_bytes(std::span<char> bytes) override {
    home_->assert_here();
    // Takes whole lines of 8 bytes, so that tails travel as well.
    const std::size_t whole = bytes.size() / 8 * 8;
    stream_->write(std::string_view(bytes.data(), whole));
    messages_ += whole / 8;
    if (messages_ >= 50 && !is_leaving_) {
      messages_ = 0;
      is_leaving_ = true;
      stream_->pause_reading();
      home_->at_end_of_turn([this] { move(); });
    }
    return whole;
  }
  void move() {
    stream_->leave_loop();
    std::swap(home_, other_);
    ++moves_;
    Loop& target = *home_;
    (void)target.post(
        [this] {
          is_leaving_ = false;
          stream_->join_loop(*home_);
          stream_->resume_reading();
        },
        0, PostKind::control);
  }
  void on_end() override { stream_->shutdown(); }
  void on_closed(std::error_code) override {
    Loop& here = *home_;
    Loop& there = *other_;
    here.dispose(std::move(stream_));
    here.stop();
    there.stop();
  }

  Loop* home_;
  Loop* other_;
  std::unique_ptr<TcpStream> stream_;
  std::size_t messages_ = 0;
  bool is_leaving_ = false;
  std::atomic<int> moves_{0};
};

TEST_P(TcpStreamTest, MovesUnderTrafficWithoutLoss) {
  Loop first({.index = 0});
  Loop second({.index = 1});
  auto [near, far] = GetParam() == Kind::tcp ? tcp_pair() : unix_pair();
  Wanderer wanderer(first, second);
  // Small reads, so that there are many occasions to move.
  wanderer.begin(std::make_unique<TcpStream>(first, std::move(near), StreamOptions{.max_tail = 512}));
  std::thread first_thread([&] { first.run(); });
  std::thread second_thread([&] { second.run(); });
  std::string sent;
  for (int number = 10'000'000; number < 10'020'000; ++number)
    sent += std::to_string(number);
  std::thread sender([&, &far = far] {
    std::mt19937 random(2);
    for (std::size_t at = 0; at < sent.size();) {
      const std::size_t count = std::min<std::size_t>(1 + random() % 500, sent.size() - at);
      send_all(far, std::string_view(sent).substr(at, count));
      at += count;
    }
    ::shutdown(far.get(), SHUT_WR);
  });
  std::string got;
  for (std::string part = receive_some(far); !part.empty(); part = receive_some(far))
    got += part;
  sender.join();
  first_thread.join();
  second_thread.join();
  EXPECT_TRUE(got == sent);
  EXPECT_GT(wanderer.moves(), 20);
}

}  // namespace
}  // namespace naru::net
