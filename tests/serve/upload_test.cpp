#include "serve/upload.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/scratch_directory.hpp"

namespace naru::serve {
namespace {

class UploadTest : public testing::Test {
 protected:
  UploadTest() { loops_->enter(0); }
  ~UploadTest() override {
    upload_.reset();
    workers_.stop(std::chrono::seconds(5));
    loops_->close();
    hub::LoopGroup::leave();
  }
  void begin(const std::filesystem::path& folder) {
    upload_ = std::make_unique<Upload>(
        folder, workers_, loops_, hub::LoopIndex{0}, [this](bool is_full) { pauses_.push_back(is_full); },
        [this](Result<StoredBody> body) { done_.emplace(std::move(body)); });
  }
  template <class Condition>
  bool turn_until(Condition is_so) {
    for (int turn = 0; turn < 100'000 && !is_so(); ++turn) {
      pollfd ready{loop_.poll_fd(), POLLIN, 0};
      if (::poll(&ready, 1, 5000) <= 0) return false;
      loop_.poll();
    }
    return is_so();
  }
  std::size_t files() const {
    using Walk = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(Walk(scratch_.path()), Walk()));
  }

  test::ScratchDirectory scratch_;
  net::Loop loop_{{.index = 0}};
  std::shared_ptr<hub::LoopGroup> loops_ = std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>{&loop_});
  net::WorkerPool workers_{{.threads = 1}};
  std::vector<bool> pauses_;
  std::optional<Result<StoredBody>> done_;
  std::unique_ptr<Upload> upload_;
};

TEST_F(UploadTest, WritesWhatComesInOrder) {
  begin(scratch_.path());
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece = std::to_string(i) + ",";
    all += piece;
    upload_->add(piece);
    if (i % 100 == 0) loop_.poll();
  }
  upload_->finish();
  ASSERT_TRUE(turn_until([&] { return done_.has_value(); }));
  ASSERT_TRUE(*done_);
  EXPECT_EQ((**done_).size, all.size());
  EXPECT_EQ((**done_).head, all.substr(0, Upload::kHeadSize));
  std::ifstream file((**done_).path, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), all);
  EXPECT_EQ(std::filesystem::status((**done_).path).permissions(), std::filesystem::perms(0600));
  upload_.reset();
  EXPECT_EQ(files(), 1U) << "it was handed over";
}

TEST_F(UploadTest, EmptyBodyIsAFileToo) {
  begin(scratch_.path());
  upload_->finish();
  ASSERT_TRUE(turn_until([&] { return done_.has_value(); }));
  ASSERT_TRUE(*done_);
  EXPECT_EQ((**done_).size, 0U);
  EXPECT_EQ(files(), 1U);
}

TEST_F(UploadTest, PausesWhenTooMuchWaits) {
  begin(scratch_.path());
  upload_->add("first");  // being written, as far as the loop knows
  upload_->add(std::string(Upload::kHold - 1, 'x'));
  EXPECT_TRUE(pauses_.empty());
  upload_->add("x");
  EXPECT_EQ(pauses_, std::vector<bool>{true});
  upload_->add("after the pause");
  EXPECT_EQ(pauses_, std::vector<bool>{true}) << "said once";
  ASSERT_TRUE(turn_until([&] { return pauses_.size() == 2; }));
  EXPECT_FALSE(pauses_[1]);
  upload_->finish();
  ASSERT_TRUE(turn_until([&] { return done_.has_value(); }));
  ASSERT_TRUE(*done_);
  EXPECT_EQ((**done_).size, 5 + Upload::kHold + 15);
}

TEST_F(UploadTest, WhatIsGivenUpLeavesNoFile) {
  begin(scratch_.path());
  upload_->add(std::string(100'000, 'x'));
  upload_->add("more");
  upload_.reset();
  workers_.stop(std::chrono::seconds(5));
  loop_.poll();  // the worker's report finds nobody
  EXPECT_FALSE(done_);
  EXPECT_EQ(files(), 0U);
}

TEST_F(UploadTest, FolderThatIsNotThereFails) {
  begin(scratch_.path() / "missing");
  upload_->add("x");
  upload_->add(std::string(Upload::kHold, 'x'));
  upload_->finish();
  ASSERT_TRUE(turn_until([&] { return done_.has_value(); }));
  EXPECT_FALSE(*done_);
  EXPECT_EQ(pauses_, (std::vector<bool>{true, false})) << "the rest of the body is still read";
}

TEST_F(UploadTest, StoppedWorkersFail) {
  workers_.stop(std::chrono::seconds(0));
  begin(scratch_.path());
  upload_->add("x");
  upload_->add("y");
  upload_->finish();
  ASSERT_TRUE(done_);
  EXPECT_FALSE(*done_);
}

}  // namespace
}  // namespace naru::serve
