// Pictures on the disk: FOLDER/ROOM/PERSON/NAME, the name made by us. What is there is what counts: the
// quotas are added up from the files at the start.
//
//   auto place = store.reserve(room, person, size, ".gif");    // none: the quota is used up
//   request.keep_upload(store.make_path(*place)); …            // on a worker thread
//   store.commit(*place);                                      // or give_up()
//
// From any thread. make_path(), sync(), give_up() and remove_room() touch the disk: call them where that may
// take its time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chat {

struct PictureLimits {
  std::uint64_t of_person;
  std::uint64_t in_all;
  std::size_t count;
};

struct PicturePlace {
  std::string room;
  std::string person;
  std::string name;  // 22 random characters and the ending of the type
  std::uint64_t size = 0;
};

class PictureStore {
 public:
  // Makes the folder and looks at what is in it; throws std::system_error when it cannot be used.
  PictureStore(std::filesystem::path folder, PictureLimits limits);

  std::optional<PicturePlace> reserve(const std::string& room, const std::string& person, std::uint64_t size,
                                      std::string_view ending);
  // Where the file is to be put; the folders above are made. Empty when they cannot be.
  std::filesystem::path make_path(const PicturePlace& place) const;
  // File and folders are on the disk, also after a loss of power.
  bool sync(const PicturePlace& place) const;
  // From now on find() knows it. False: the room was deleted meanwhile, and the file with it.
  bool commit(const PicturePlace& place);
  // It is not to be: the file, if any, is removed and the quota given back.
  void give_up(const PicturePlace& place);

  std::optional<std::filesystem::path> find(std::string_view name) const;
  // A room is deleted: its pictures go, and none comes after.
  void remove_room(const std::string& room);

  std::uint64_t used_by(const std::string& person) const;

 private:
  std::filesystem::path path_of(const PicturePlace& place) const;
  void look_around();
  void look_at(const std::filesystem::path& room, const std::filesystem::path& person);
  // REQUIRES: the lock is held.
  void count(const PicturePlace& place);
  void uncount(const PicturePlace& place);

  const std::filesystem::path folder_;
  const PictureLimits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, PicturePlace> reserved_;  // by name; guarded by mutex_, as all below
  std::unordered_map<std::string, PicturePlace> kept_;      // by name
  std::unordered_map<std::string, std::uint64_t> used_;     // bytes by person, reserved ones too
  std::uint64_t used_in_all_ = 0;
};

}  // namespace chat
