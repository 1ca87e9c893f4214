#include "channel/forms.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "channel/publication_fixture.hpp"

namespace naru::channel {
namespace {

base::Frame never() {
  ADD_FAILURE() << "made again";
  return {};
}

TEST(Forms, EachIsMadeOnceAndShared) {
  const Forms forms;
  EXPECT_TRUE(forms.find(Form::sse).empty());
  const base::Frame first = forms.get(Form::sse, [] { return base::Frame::copy("block"); });
  EXPECT_EQ(forms.get(Form::sse, never).data(), first.data());
  EXPECT_EQ(forms.find(Form::sse).data(), first.data());
  EXPECT_TRUE(forms.find(Form::line).empty());
  EXPECT_EQ(forms.get(Form::line, [] { return base::Frame::copy("line"); }).view(), "line");
}

TEST(Forms, GoWithTheirPublicationAndOutliveItInOtherHands) {
  const std::size_t before = Forms::kept_bytes();
  std::optional<Forms> forms(std::in_place);
  const base::Frame frame = forms->get(Form::websocket, [] { return base::Frame::copy("frame"); });
  EXPECT_GE(Forms::kept_bytes(), before + frame.size());
  forms.reset();
  EXPECT_EQ(Forms::kept_bytes(), before);
  EXPECT_EQ(frame.view(), "frame");
  EXPECT_EQ(frame.use_count(), 1U);
}

TEST(Forms, ACopyHasNone) {
  const Forms forms;
  static_cast<void>(forms.get(Form::line, [] { return base::Frame::copy("line"); }));
  const Forms copy(forms);
  EXPECT_TRUE(copy.find(Form::line).empty());
}

// A frame that says it is so large; nobody reads its bytes.
base::Frame frame_of_size(std::size_t size) {
  return base::Frame::of_static(std::string_view("", size));
}

TEST(Forms, AreKeptUpToALimitAndMadeByEachThreadBeyondIt) {
  constexpr std::size_t kNearly = Forms::kMaxKept - 4096;
  ASSERT_LT(Forms::kept_bytes(), 1024U);
  const Forms large;
  static_cast<void>(large.get(Form::line, [] { return frame_of_size(kNearly); }));
  EXPECT_EQ(large.find(Form::line).size(), kNearly);

  const Forms over;
  const base::Frame own = over.get(Form::line, [] { return base::Frame::copy(std::string(5000, 'x')); });
  EXPECT_TRUE(over.find(Form::line).empty());
  EXPECT_EQ(over.get(Form::line, never).data(), own.data()) << "this thread's followers share it";
  int made = 0;
  std::thread([&] {
    for (int asked = 0; asked < 2; ++asked)
      static_cast<void>(
          over.get(Form::line, [&] { return ++made, base::Frame::copy(std::string(5000, 'x')); }));
  }).join();
  EXPECT_EQ(made, 1) << "another one makes its own";

  static_cast<void>(over.get(Form::sse, [] { return base::Frame::copy("small"); }));
  EXPECT_EQ(over.find(Form::sse).view(), "small") << "there is room for it";
  EXPECT_LE(Forms::kept_bytes(), Forms::kMaxKept);
}

TEST(Forms, WhatAThreadRemembersIsBounded) {
  const Forms large;
  static_cast<void>(large.get(Form::line, [] { return frame_of_size(Forms::kMaxKept - 1024); }));
  std::thread([&] {  // a new one remembers nothing of other tests
    int made = 0;
    const auto make = [&] { return ++made, frame_of_size(Forms::kMaxRememberedBytes / 2); };
    const Forms first, second, third;
    for (const Forms* forms : {&first, &second, &first, &second})
      static_cast<void>(forms->get(Form::line, make));
    EXPECT_EQ(made, 2);
    static_cast<void>(third.get(Form::line, make));
    static_cast<void>(first.get(Form::line, make));
    EXPECT_EQ(made, 4);

    made = 0;
    const auto make_small = [&] { return ++made, frame_of_size(2000); };
    std::vector<std::unique_ptr<Forms>> many;
    for (std::size_t i = 0; i < Forms::kRemembered + 1; ++i) {
      many.push_back(std::make_unique<Forms>());
      static_cast<void>(many.back()->get(Form::sse, make_small));
    }
    static_cast<void>(many.back()->get(Form::sse, make_small));
    EXPECT_EQ(made, static_cast<int>(Forms::kRemembered + 1));
    static_cast<void>(many.front()->get(Form::sse, make_small));
    EXPECT_EQ(made, static_cast<int>(Forms::kRemembered + 2));
  })
      .join();
}

// Whoever comes to stand where another has stood is not taken for it.
TEST(Forms, AThreadRemembersByIdentityNotByAddress) {
  const Forms large;
  static_cast<void>(large.get(Form::line, [] { return frame_of_size(Forms::kMaxKept - 1024); }));
  std::optional<Forms> forms(std::in_place);
  static_cast<void>(forms->get(Form::line, [] { return frame_of_size(2000); }));
  forms.emplace();
  EXPECT_EQ(forms->get(Form::line, [] { return frame_of_size(3000); }).size(), 3000U);
}

TEST(Forms, TwoThreadsThatAskAtOnceGetTheSame) {
  constexpr int kRounds = 2000;
  std::vector<PublicationRef> publications;
  for (int i = 0; i < kRounds; ++i)
    publications.push_back(publication_of(message_of(Kind::text, std::to_string(i)), 1));
  const std::size_t before = Forms::kept_bytes();
  std::vector<std::vector<base::Frame>> frames(2);
  std::atomic<int> ready{0};
  const auto ask = [&](std::size_t who) {
    ++ready;
    while (ready.load() < 2)
      std::this_thread::yield();
    for (const PublicationRef& publication : publications)
      frames[who].push_back(line_of(*publication));
  };
  std::thread other(ask, 1);
  ask(0);
  other.join();

  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kRounds; ++i) {
    EXPECT_EQ(frames[0][i].data(), frames[1][i].data());
    EXPECT_EQ(frames[0][i].view(),
              R"({"position":"eQUJDREVGR0hJSktM.1","text":")" + std::to_string(i) + "\"}\n");
    bytes += frames[0][i].size();
  }
  EXPECT_GE(Forms::kept_bytes(), before + bytes);
  publications.clear();
  EXPECT_EQ(Forms::kept_bytes(), before);
}

}  // namespace
}  // namespace naru::channel
