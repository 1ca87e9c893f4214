#include "chat/picture_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>
#include <utility>
#include <vector>

#include "chat/picture_type.hpp"
#include "chat/text.hpp"
#include "naru/cookie_signer.hpp"
#include "naru/log.hpp"

namespace chat {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kNameSize = 22;

std::string new_name(std::string_view ending) {
  return (naru::random_id() + naru::random_id()).substr(0, kNameSize).append(ending);
}

// Files of others are not ours to serve, wherever the folder is.
bool is_ours(const PicturePlace& place) {
  const auto type = picture_type_by_name(place.name);
  if (!type || place.name.size() != kNameSize + type->ending.size()) return false;
  return is_message_id(std::string_view(place.name).substr(0, kNameSize));
}

bool sync_path(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (descriptor < 0) return false;
  const bool is_synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return is_synced;
}

}  // namespace

PictureStore::PictureStore(fs::path folder, PictureLimits limits)
    : folder_(std::move(folder)), limits_(limits) {
  fs::create_directories(folder_);
  look_around();
}

void PictureStore::look_around() {
  for (const fs::directory_entry& room : fs::directory_iterator(folder_)) {
    if (!room.is_directory() || room.is_symlink()) continue;
    for (const fs::directory_entry& person : fs::directory_iterator(room.path())) {
      if (person.is_directory() && !person.is_symlink()) look_at(room.path().filename(), person.path());
    }
  }
}

void PictureStore::look_at(const fs::path& room, const fs::path& person) {
  for (const fs::directory_entry& entry : fs::directory_iterator(person)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    PicturePlace place{room.string(), person.filename().string(), entry.path().filename().string(),
                       entry.file_size()};
    if (!is_ours(place)) continue;
    count(place);
    std::string name = place.name;
    kept_.emplace(std::move(name), std::move(place));
  }
}

void PictureStore::count(const PicturePlace& place) {
  used_[place.person] += place.size;
  used_in_all_ += place.size;
}

void PictureStore::uncount(const PicturePlace& place) {
  used_in_all_ -= place.size;
  auto used = used_.find(place.person);
  if ((used->second -= place.size) == 0) used_.erase(used);
}

std::optional<PicturePlace> PictureStore::reserve(const std::string& room, const std::string& person,
                                                  std::uint64_t size, std::string_view ending) {
  std::lock_guard lock(mutex_);
  auto used = used_.find(person);
  const std::uint64_t his = used == used_.end() ? 0 : used->second;
  if (his + size > limits_.of_person || used_in_all_ + size > limits_.in_all) return std::nullopt;
  if (kept_.size() + reserved_.size() >= limits_.count) return std::nullopt;
  PicturePlace place{room, person, new_name(ending), size};
  count(place);
  reserved_.emplace(place.name, place);
  return place;
}

fs::path PictureStore::path_of(const PicturePlace& place) const {
  return folder_ / place.room / place.person / place.name;
}

fs::path PictureStore::make_path(const PicturePlace& place) const {
  fs::path path = path_of(place);
  std::error_code failure;
  fs::create_directories(path.parent_path(), failure);
  if (!failure) return path;
  naru::log(naru::Level::error, "chat",
            path.parent_path().string() + " cannot be made: " + failure.message());
  return {};
}

bool PictureStore::sync(const PicturePlace& place) const {
  const fs::path path = path_of(place);
  return sync_path(path, 0) && sync_path(path.parent_path(), O_DIRECTORY) &&
         sync_path(path.parent_path().parent_path(), O_DIRECTORY) && sync_path(folder_, O_DIRECTORY);
}

bool PictureStore::commit(const PicturePlace& place) {
  std::unique_lock lock(mutex_);
  if (reserved_.erase(place.name) > 0) return kept_.emplace(place.name, place).second;
  lock.unlock();
  std::error_code ignored;
  fs::remove(path_of(place), ignored);
  return false;
}

void PictureStore::give_up(const PicturePlace& place) {
  std::error_code ignored;
  fs::remove(path_of(place), ignored);
  std::lock_guard lock(mutex_);
  if (reserved_.erase(place.name) + kept_.erase(place.name) > 0) uncount(place);
}

std::optional<fs::path> PictureStore::find(std::string_view name) const {
  std::lock_guard lock(mutex_);
  auto found = kept_.find(std::string(name));
  return found == kept_.end() ? std::nullopt : std::optional(path_of(found->second));
}

void PictureStore::remove_room(const std::string& room) {
  std::unique_lock lock(mutex_);
  for (auto* places : {&reserved_, &kept_}) {
    std::erase_if(*places, [&](const auto& entry) {
      if (entry.second.room != room) return false;
      uncount(entry.second);
      return true;
    });
  }
  lock.unlock();
  std::error_code failure;
  fs::remove_all(folder_ / room, failure);
  if (failure)
    naru::log(naru::Level::warning, "chat", "pictures of a deleted room stay: " + failure.message());
}

std::uint64_t PictureStore::used_by(const std::string& person) const {
  std::lock_guard lock(mutex_);
  auto used = used_.find(person);
  return used == used_.end() ? 0 : used->second;
}

}  // namespace chat
