#include "chat/room_archive.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "chat/waited.hpp"
#include "naru/server.hpp"
#include "support/scratch_directory.hpp"

namespace chat {
namespace {

RoomRecord record(const std::string& id) {
  return {id, "title of " + id, "p1", 12, "hash", 1'790'000'000'000};
}

// A server with a data folder, as the chat has one; never run.
class RoomArchiveTest : public testing::Test {
 protected:
  RoomArchiveTest() { restart(); }
  void restart() {
    archive_.reset();
    server_.reset();
    server_ = std::make_unique<naru::Server>();
    server_->channels(kRoomsChannel, {.max_messages = 2, .durability = naru::Durability::power});
    server_->data(folder_.path());
    archive_ = std::make_unique<RoomArchive>(server_->channel(kRoomsChannel));
    archive_->load();
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const RoomRecord& room : archive_->rooms())
      all.push_back(room.id);
    return all;
  }

  naru::test::ScratchDirectory folder_;
  std::unique_ptr<naru::Server> server_;
  std::unique_ptr<RoomArchive> archive_;
};

using Ids = std::vector<std::string>;

TEST_F(RoomArchiveTest, IsEmptyAtFirst) {
  EXPECT_EQ(ids(), Ids{});
}

TEST_F(RoomArchiveTest, BringsEverythingBack) {
  EXPECT_TRUE(waited(archive_->add(record("r1"))));
  EXPECT_TRUE(waited(archive_->add(record("r2"))));
  restart();
  ASSERT_EQ(ids(), (Ids{"r1", "r2"}));
  EXPECT_EQ(naru::Value::of(archive_->rooms().front()).text(), naru::Value::of(record("r1")).text());
}

TEST_F(RoomArchiveTest, RemembersWhatIsBeingDeletedUntilItIsForgotten) {
  EXPECT_TRUE(waited(archive_->add(record("r1"))));
  EXPECT_TRUE(waited(archive_->remove("r1")));
  EXPECT_FALSE(waited(archive_->remove("r1")));
  restart();
  EXPECT_EQ(ids(), Ids{});
  EXPECT_EQ(archive_->being_deleted(), Ids{"r1"});
  archive_->forget("r1");
  EXPECT_TRUE(waited(archive_->add(record("r2"))));
  restart();
  EXPECT_EQ(archive_->being_deleted(), Ids{});
}

TEST_F(RoomArchiveTest, WritesManyAtATimeAndLosesNone) {
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      for (int j = 0; j < 10; ++j)
        EXPECT_TRUE(waited(archive_->add(record(std::to_string(i) + "-" + std::to_string(j)))));
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  restart();
  EXPECT_EQ(ids().size(), 80U);
}

TEST(RoomArchive, WithoutAStoreNothingIsAdded) {
  auto server = std::make_unique<naru::Server>();
  server->channels(kRoomsChannel, {.durability = naru::Durability::power});
  RoomArchive archive(server->channel(kRoomsChannel));
  EXPECT_FALSE(waited(archive.add(record("r1"))));
  EXPECT_TRUE(archive.rooms().empty());
  server.reset();  // before the archive, which tries once more to write what it has taken back
}

}  // namespace
}  // namespace chat
