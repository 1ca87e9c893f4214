#include "chat/picture_store.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "support/scratch_directory.hpp"

namespace chat {
namespace {

constexpr PictureLimits kLimits{.of_person = 100, .in_all = 250, .count = 5};

class PictureStoreTest : public testing::Test {
 protected:
  std::optional<PicturePlace> put(PictureStore& store, const std::string& room, const std::string& person,
                                  std::uint64_t size) {
    auto place = store.reserve(room, person, size, ".gif");
    if (!place) return place;
    std::ofstream(store.make_path(*place)) << std::string(size, 'x');
    EXPECT_TRUE(store.sync(*place));
    EXPECT_TRUE(store.commit(*place));
    return place;
  }

  naru::test::ScratchDirectory folder_;
  PictureStore store_{folder_.path(), kLimits};
};

TEST_F(PictureStoreTest, FindsWhatIsThereAndNothingElse) {
  const auto place = put(store_, "r1", "a", 10);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->name.size(), 22U + 4U);
  const auto path = store_.find(place->name);
  ASSERT_TRUE(path);
  EXPECT_EQ(std::filesystem::file_size(*path), 10U);
  for (const char* name : {"", "none.gif", "../secret", "r1", "."})
    EXPECT_FALSE(store_.find(name)) << name;
}

TEST_F(PictureStoreTest, IsNotThereBeforeItIsCommitted) {
  const auto place = store_.reserve("r1", "a", 10, ".gif");
  EXPECT_FALSE(store_.find(place->name));
}

TEST_F(PictureStoreTest, NamesAreNew) {
  std::set<std::string> names;
  for (int i = 0; i < 5; ++i)
    names.insert(store_.reserve("r1", "a", 1, ".png")->name);
  EXPECT_EQ(names.size(), 5U);
}

TEST_F(PictureStoreTest, HoldsThePersonToHisQuota) {
  EXPECT_TRUE(put(store_, "r1", "a", 60));
  EXPECT_TRUE(store_.reserve("r2", "a", 40, ".gif"));
  EXPECT_FALSE(store_.reserve("r1", "a", 1, ".gif"));
  EXPECT_TRUE(store_.reserve("r1", "b", 1, ".gif"));
  EXPECT_EQ(store_.used_by("a"), 100U);
}

TEST_F(PictureStoreTest, HoldsEverybodyToWhatThereIs) {
  for (const char* person : {"a", "b"})
    EXPECT_TRUE(put(store_, "r1", person, 100));
  EXPECT_FALSE(store_.reserve("r1", "c", 51, ".gif"));
  EXPECT_TRUE(store_.reserve("r1", "c", 50, ".gif"));
}

TEST_F(PictureStoreTest, KeepsABoundedNumber) {
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(store_.reserve("r1", "a", 1, ".gif"));
  EXPECT_FALSE(store_.reserve("r1", "b", 1, ".gif"));
}

TEST_F(PictureStoreTest, GivesTheQuotaBack) {
  const auto place = store_.reserve("r1", "a", 100, ".gif");
  store_.give_up(*place);
  EXPECT_EQ(store_.used_by("a"), 0U);
  const auto kept = put(store_, "r1", "a", 100);
  store_.give_up(*kept);
  EXPECT_EQ(store_.used_by("a"), 0U);
  EXPECT_FALSE(store_.find(kept->name));
  store_.give_up(*kept);
  EXPECT_TRUE(store_.reserve("r1", "a", 100, ".gif"));
}

TEST_F(PictureStoreTest, ADeletedRoomTakesItsPicturesAlong) {
  const auto gone = put(store_, "r1", "a", 10);
  const auto stays = put(store_, "r2", "a", 10);
  const auto late = store_.reserve("r1", "b", 10, ".gif");
  const auto path = *store_.find(gone->name);
  store_.remove_room("r1");
  EXPECT_FALSE(store_.find(gone->name));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(store_.find(stays->name));
  EXPECT_EQ(store_.used_by("a"), 10U);
  EXPECT_EQ(store_.used_by("b"), 0U);
  std::ofstream(store_.make_path(*late)) << "x";
  EXPECT_FALSE(store_.commit(*late)) << "the room went while it was being written";
  EXPECT_FALSE(store_.find(late->name));
}

TEST_F(PictureStoreTest, CountsWhatItFindsAtTheStart) {
  const auto place = put(store_, "r1", "a", 30);
  for (const char* foreign : {"r1/a/notes.txt", "r1/a/holiday.jpg", "r1/0123456789012345678901.gif"}) {
    std::ofstream(folder_.path() / foreign) << "not ours";
  }
  PictureStore again(folder_.path(), kLimits);
  EXPECT_EQ(again.used_by("a"), 30U);
  EXPECT_TRUE(again.find(place->name));
  for (const char* foreign : {"notes.txt", "holiday.jpg", "0123456789012345678901.gif"})
    EXPECT_FALSE(again.find(foreign));
  EXPECT_FALSE(again.reserve("r1", "a", 71, ".gif"));
  again.remove_room("r1");
  EXPECT_FALSE(again.find(place->name));
}

}  // namespace
}  // namespace chat
