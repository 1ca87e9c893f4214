#include "naru/handler.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace naru {
namespace {

// A handler needs no server: these stand for Socket and Ack.
struct Peer {
  std::vector<std::string> log;
};
class Reply {
 public:
  Reply() = default;
  explicit Reply(std::string& out) : out_(&out) {}
  Reply(Reply&& other) noexcept : out_(std::exchange(other.out_, nullptr)) {}
  Reply& operator=(Reply&& other) noexcept { return out_ = std::exchange(other.out_, nullptr), *this; }
  void operator()(std::string text) {
    if (out_ != nullptr) *std::exchange(out_, nullptr) = std::move(text);
  }

 private:
  std::string* out_ = nullptr;
};

class HandlerTest : public testing::Test {
 protected:
  // "done", "bad N", or "pending" (which is then run).
  template <class F>
  std::string call(F&& callable, std::string_view arguments, bool with_reply = true) {
    auto handler = make_event_handler<Peer, Reply>(std::forward<F>(callable));
    wants_ack_ = handler.wants_ack;
    EXPECT_EQ(handler.returns_task,
              (std::same_as<typename detail::SignatureOf<std::decay_t<F>>::Return, Task<>>));
    auto args = Args::parse(arguments);
    EXPECT_TRUE(args) << arguments;
    Reply reply(answer_);
    Outcome outcome = handler.call(peer_, args->view(), with_reply ? &reply : nullptr);
    args.reset();  // the packet is gone; a task must have its own
    if (outcome.kind == Outcome::Kind::bad_arguments) return "bad " + std::to_string(outcome.argument);
    if (outcome.kind == Outcome::Kind::done) return "done";
    start(std::move(outcome.task), {});
    return "pending";
  }
  using Log = std::vector<std::string>;

  Peer peer_;
  std::string answer_ = "none";
  bool wants_ack_ = false;
};

void plain_function(Peer& peer, std::string text) {
  peer.log.push_back(text);
}
void quiet_function(Peer& peer) noexcept {
  peer.log.push_back("quiet");
}

TEST_F(HandlerTest, DecodesBySignature) {
  EXPECT_EQ(
      call([](Peer& peer, std::string a, int b) { peer.log.push_back(a + std::to_string(b)); }, "[\"x\",1]"),
      "done");
  EXPECT_EQ(call(plain_function, "[\"function\"]"), "done");
  EXPECT_EQ(call(&quiet_function, "[]"), "done");
  EXPECT_EQ(call([&](std::string text) { peer_.log.push_back(text); }, "[\"no socket\"]"), "done");
  EXPECT_EQ(call([&] { peer_.log.push_back("nothing"); }, "[1,2]"), "done");
  EXPECT_EQ(peer_.log, (Log{"x1", "function", "quiet", "no socket", "nothing"}));
  EXPECT_FALSE(wants_ack_);
}

TEST_F(HandlerTest, TakesEveryKindOfParameter) {
  EXPECT_EQ(call(
                [](Peer& peer, const std::string& reference, std::string_view view, std::string&& moved,
                   RawJsonView raw, const std::vector<int>& list) {
                  peer.log = {reference, std::string(view), moved, std::string(raw.text),
                              std::to_string(list.size())};
                },
                R"(["a","b\n","c",{"d":1},[1,2,3]])"),
            "done");
  EXPECT_EQ(peer_.log, (Log{"a", "b\n", "c", "{\"d\":1}", "3"}));
}

TEST_F(HandlerTest, KeepsStateBetweenCalls) {
  auto handler = make_event_handler<Peer, Reply>(
      [count = 0](Peer& peer) mutable { peer.log.push_back(std::to_string(++count)); });
  for (int i = 0; i < 2; ++i)
    handler.call(peer_, ArgsView(), nullptr);
  EXPECT_EQ(peer_.log, (Log{"1", "2"}));
}

TEST_F(HandlerTest, TakesClosuresThatCanOnlyBeMoved) {
  EXPECT_EQ(
      call([owned = std::make_unique<int>(5)](Peer& peer) { peer.log.push_back(std::to_string(*owned)); },
           "[]"),
      "done");
  EXPECT_EQ(
      call(std::function<void(Peer&, int)>([](Peer& peer, int n) { peer.log.push_back(std::to_string(n)); }),
           "[6]"),
      "done");
  EXPECT_EQ(peer_.log, (Log{"5", "6"}));
}

TEST_F(HandlerTest, NamesTheFirstBadArgument) {
  auto two = [](Peer& peer, int, std::string) { peer.log.push_back("called"); };
  EXPECT_EQ(call(two, "[]"), "bad 0");
  EXPECT_EQ(call(two, "[\"1\",\"x\"]"), "bad 0");
  EXPECT_EQ(call(two, "[1]"), "bad 1");
  EXPECT_EQ(call(two, "[1,2]"), "bad 1");
  EXPECT_TRUE(peer_.log.empty());
}

TEST_F(HandlerTest, MissingTrailingOptionalsAreEmpty) {
  auto handler = [](Peer& peer, int a, std::optional<int> b, std::optional<std::string> c) {
    peer.log.push_back(std::to_string(a) + (b ? "b" : "-") + (c ? "c" : "-"));
  };
  EXPECT_EQ(call(handler, "[1]"), "done");
  EXPECT_EQ(call(handler, "[1,null,\"x\"]"), "done");
  EXPECT_EQ(call(handler, "[1,2,\"x\",\"surplus\"]"), "done");
  EXPECT_EQ(call(handler, "[1,\"x\"]"), "bad 1");
  EXPECT_EQ(peer_.log, (Log{"1--", "1-c", "1bc"}));
}

TEST_F(HandlerTest, GivesTheAck) {
  EXPECT_EQ(call([](Peer&, int number, Reply reply) { reply(std::to_string(number)); }, "[4]"), "done");
  EXPECT_TRUE(wants_ack_);
  EXPECT_EQ(answer_, "4");
  EXPECT_EQ(call([](Reply reply) { reply("alone"); }, "[]"), "done");
  EXPECT_EQ(answer_, "alone");
}

TEST_F(HandlerTest, AnAckWithoutIdIsInert) {
  EXPECT_EQ(call([](Peer& peer, Reply reply) { reply("x"), peer.log.push_back("called"); }, "[]", false),
            "done");
  EXPECT_EQ(answer_, "none");
  EXPECT_EQ(peer_.log, Log{"called"});
}

TEST_F(HandlerTest, BadArgumentsLeaveTheAck) {
  std::string answer = "none";
  Reply reply(answer);
  auto handler = make_event_handler<Peer, Reply>([](Peer&, int, Reply) {});
  EXPECT_EQ(handler.call(peer_, ArgsView(), &reply).kind, Outcome::Kind::bad_arguments);
  reply("bad arguments");
  EXPECT_EQ(answer, "bad arguments");
}

TEST_F(HandlerTest, TheRestComesAsAList) {
  EXPECT_EQ(call(
                [](Peer& peer, std::string first, ArgsView rest, Reply reply) {
                  peer.log.push_back(first + std::to_string(rest.size()));
                  reply(rest.get<std::string>(1).value_or("?"));
                },
                R"(["a",1,"b"])"),
            "done");
  EXPECT_EQ(answer_, "b");
  EXPECT_EQ(
      call([](Peer& peer, const ArgsView& all) { peer.log.push_back(std::to_string(all.size())); }, "[1,2]"),
      "done");
  EXPECT_EQ(peer_.log, (Log{"a2", "2"}));
}

TEST_F(HandlerTest, TasksOwnTheirArguments) {
  auto task = [](Peer& peer, std::string text, RawJson raw, Args rest, Reply reply) -> Task<> {
    peer.log.push_back(text + raw.text + std::to_string(rest.size()));
    reply("from a task");
    co_return;
  };
  EXPECT_EQ(call(task, R"(["long enough to live on the heap",{"a":1},2,3])"), "pending");
  EXPECT_EQ(peer_.log, Log{"long enough to live on the heap{\"a\":1}2"});
  EXPECT_EQ(answer_, "from a task");
  EXPECT_EQ(call(task, "[1]"), "bad 0");
}

TEST_F(HandlerTest, ExceptionsComeOut) {
  EXPECT_THROW(call([](Peer&) { throw std::runtime_error("user's"); }, "[]"), std::runtime_error);
}

// What the static_asserts decide by; that they fire is seen when a program does not compile.
TEST(HandlerShape, KnowsViews) {
  static_assert(detail::View<std::string_view> && detail::View<ArgsView> && detail::View<const char*>);
  static_assert(!detail::View<std::string> && !detail::View<Args> && !detail::View<RawJson>);
  auto generic = [](auto&&...) {};
  static_assert(!detail::OneCallOperator<decltype(generic)>);
  using Shape = detail::HandlerShape<decltype([](Peer&, int, ArgsView, Reply) {}), Peer, Reply>;
  static_assert(Shape::kTakesSocket && Shape::kTakesRest && Shape::kTakesAck && Shape::kArguments == 1);
  using Empty = detail::HandlerShape<void (*)(), Peer, Reply>;
  static_assert(!Empty::kTakesSocket && !Empty::kTakesRest && !Empty::kTakesAck && Empty::kArguments == 0);
}

}  // namespace
}  // namespace naru
