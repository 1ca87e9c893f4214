#include "support/power_loss_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

namespace naru::test {
namespace {

constexpr std::size_t kSector = 512;

struct Change {
  std::uint64_t offset = 0;
  std::string bytes{};
  std::optional<std::uint64_t> truncate_to{};  // instead of a write
};

// One name in the directory, as the disk may have it.
struct Tracked {
  std::optional<std::string> durable{};  // what is surely there; empty: no such file
  std::optional<std::string>
      replaced{};                 // a deleted file that may come back while its deletion is not synced
  std::vector<Change> changes{};  // since the last sync
  bool exists = false;            // as the running system sees it
};

void apply(std::string& content, const Change& change) {
  if (change.truncate_to) {
    if (content.size() > *change.truncate_to) content.resize(*change.truncate_to);
    return;
  }
  if (content.size() < change.offset + change.bytes.size())
    content.resize(change.offset + change.bytes.size());
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Writes in sectors: each may reach the disk or not, whatever happened to its neighbours.
std::vector<Change> in_pieces(const std::vector<Change>& changes) {
  std::vector<Change> pieces;
  for (const Change& change : changes) {
    if (change.truncate_to) {
      pieces.push_back(change);
      continue;
    }
    for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
      pieces.push_back({change.offset + at, change.bytes.substr(at, kSector), {}});
    }
  }
  return pieces;
}

std::optional<std::string> after_loss(const Tracked& file, Unsynced unsynced, std::mt19937_64& random) {
  if (unsynced == Unsynced::forgotten) return file.replaced ? file.replaced : file.durable;
  const bool entry_is_uncertain = file.replaced || (file.exists && !file.durable);
  if (entry_is_uncertain && random() % 2 == 0) return file.replaced;
  if (!file.exists) return std::nullopt;
  std::string content = file.durable.value_or("");
  std::vector<Change> pieces = in_pieces(file.changes);
  if (random() % 2 == 0) std::shuffle(pieces.begin(), pieces.end(), random);
  const std::uint64_t kept_of_eight = random() % 9;
  for (const Change& piece : pieces) {
    if (random() % 8 < kept_of_eight) apply(content, piece);
  }
  return content;
}

}  // namespace

struct PowerLossVfs::Disk {
  std::string name;
  sqlite3_vfs* system = nullptr;
  sqlite3_vfs vfs{};

  mutable std::mutex mutex;
  std::map<std::string, Tracked> files;  // guarded by mutex, as is what follows
  bool has_power = true;
  std::uint64_t writes_left = 0;  // until the power goes; 0: no such plan
  int write_fault = SQLITE_OK;
  int sync_fault = SQLITE_OK;
  std::uint64_t log_syncs = 0;
  std::function<void()> on_log_sync;
};

namespace {

using Disk = PowerLossVfs::Disk;

struct File {
  sqlite3_file base;
  Disk* disk;
  std::string* path;  // null: a temporary file, not tracked
  bool is_log;
  bool syncs_directory;  // with its next sync, as the system's VFS does for journals that it may have created
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* own(sqlite3_file* file) {
  return reinterpret_cast<File*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return own(file)->real();
}

int close_file(sqlite3_file* file) {
  delete own(file)->path;
  return real(file)->pMethods->xClose(real(file));
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  {
    const std::lock_guard lock(own(file)->disk->mutex);
    if (!own(file)->disk->has_power) return SQLITE_IOERR_READ;
  }
  return real(file)->pMethods->xRead(real(file), into, size, offset);
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  Disk& disk = *own(file)->disk;
  const std::lock_guard lock(disk.mutex);
  if (!disk.has_power) return SQLITE_IOERR_WRITE;
  if (disk.write_fault != SQLITE_OK) return disk.write_fault;
  if (own(file)->path != nullptr) {
    if (disk.writes_left != 0 && --disk.writes_left == 0) disk.has_power = false;
    disk.files[*own(file)->path].changes.push_back(
        {static_cast<std::uint64_t>(offset),
         std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)),
         {}});
  }
  return real(file)->pMethods->xWrite(real(file), bytes, size, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  Disk& disk = *own(file)->disk;
  const std::lock_guard lock(disk.mutex);
  if (!disk.has_power) return SQLITE_IOERR_TRUNCATE;
  if (own(file)->path != nullptr)
    disk.files[*own(file)->path].changes.push_back({0, {}, static_cast<std::uint64_t>(size)});
  return real(file)->pMethods->xTruncate(real(file), size);
}

// Creations and deletions are on the disk; what was written to new files is not.
void sync_directory(Disk& disk) {
  for (auto& [path, tracked] : disk.files) {
    tracked.replaced.reset();
    if (tracked.exists && !tracked.durable) tracked.durable.emplace();
  }
}

int sync_file(sqlite3_file* file, int) {
  Disk& disk = *own(file)->disk;
  if (own(file)->is_log) {
    std::function<void()> on_log_sync;
    {
      const std::lock_guard lock(disk.mutex);
      on_log_sync = disk.on_log_sync;
    }
    if (on_log_sync) on_log_sync();
  }
  const std::lock_guard lock(disk.mutex);
  if (!disk.has_power) return SQLITE_IOERR_FSYNC;
  if (disk.sync_fault != SQLITE_OK) return disk.sync_fault;
  if (own(file)->path != nullptr) {
    Tracked& tracked = disk.files[*own(file)->path];
    if (!tracked.durable || tracked.replaced) tracked.durable.emplace();
    tracked.replaced.reset();
    for (const Change& change : tracked.changes)
      apply(*tracked.durable, change);
    tracked.changes.clear();
  }
  if (own(file)->syncs_directory) {
    own(file)->syncs_directory = false;
    sync_directory(disk);
  }
  if (own(file)->is_log) ++disk.log_syncs;
  return SQLITE_OK;  // no real sync: the model is the disk
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_lock(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control(sqlite3_file* file, int op, void* arg) {
  return real(file)->pMethods->xFileControl(real(file), op, arg);
}
int sector_size(sqlite3_file*) {
  return kSector;
}
int traits(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2: without memory-mapped reading, which would pass by the shim.
constexpr sqlite3_io_methods kMethods = {2,           close_file,  read_file, write_file,  truncate_file,
                                         sync_file,   file_size,   lock_file, unlock_file, check_lock,
                                         control,     sector_size, traits,    shm_map,     shm_lock,
                                         shm_barrier, shm_unmap,   nullptr,   nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  Disk& disk = *static_cast<Disk*>(vfs->pAppData);
  File& mine = *own(file);
  mine = {};
  const std::lock_guard lock(disk.mutex);
  if (!disk.has_power) return SQLITE_CANTOPEN;
  constexpr int kTracked = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  const bool is_tracked = path != nullptr && (flags & kTracked) != 0;
  const bool was_there = is_tracked && std::filesystem::exists(path);
  const int code = disk.system->xOpen(disk.system, path, mine.real(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  mine.base.pMethods = &kMethods;
  mine.disk = &disk;
  mine.is_log = (flags & SQLITE_OPEN_WAL) != 0;
  mine.syncs_directory = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & SQLITE_OPEN_MAIN_DB) == 0;
  if (!is_tracked) return SQLITE_OK;
  mine.path = new std::string(path);
  Tracked& tracked = disk.files[path];
  if (was_there && !tracked.exists) tracked.durable = read_whole(path);  // from before this shim
  if (!was_there) tracked.changes.clear();
  tracked.exists = true;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int syncs_directory) {
  Disk& disk = *static_cast<Disk*>(vfs->pAppData);
  const std::lock_guard lock(disk.mutex);
  if (!disk.has_power) return SQLITE_IOERR_DELETE;
  const int code = disk.system->xDelete(disk.system, path, syncs_directory);
  if (code != SQLITE_OK) return code;
  Tracked& tracked = disk.files[path];
  if (tracked.durable && !tracked.replaced) tracked.replaced = tracked.durable;
  tracked.durable.reset();
  tracked.changes.clear();
  tracked.exists = false;
  if (syncs_directory != 0) sync_directory(disk);
  return SQLITE_OK;
}

}  // namespace

PowerLossVfs::PowerLossVfs(std::string name) : disk_(std::make_unique<Disk>()) {
  disk_->name = std::move(name);
  disk_->system = sqlite3_vfs_find(nullptr);
  disk_->vfs = *disk_->system;
  disk_->vfs.pNext = nullptr;
  disk_->vfs.szOsFile += static_cast<int>(sizeof(File));
  disk_->vfs.zName = disk_->name.c_str();
  disk_->vfs.pAppData = disk_.get();
  disk_->vfs.xOpen = open_file;
  disk_->vfs.xDelete = delete_file;
  if (sqlite3_vfs_register(&disk_->vfs, 0) != SQLITE_OK) throw std::runtime_error("cannot register the VFS");
}

PowerLossVfs::~PowerLossVfs() {
  sqlite3_vfs_unregister(&disk_->vfs);
}

void PowerLossVfs::cut_power() {
  const std::lock_guard lock(disk_->mutex);
  disk_->has_power = false;
}

void PowerLossVfs::cut_power_after_writes(std::uint64_t writes) {
  const std::lock_guard lock(disk_->mutex);
  disk_->writes_left = writes;
}

bool PowerLossVfs::has_power() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->has_power;
}

void PowerLossVfs::restore_power(Unsynced unsynced, std::uint64_t seed) {
  const std::lock_guard lock(disk_->mutex);
  std::mt19937_64 random(seed);
  for (const auto& [path, tracked] : disk_->files) {
    std::filesystem::remove(path);
    std::filesystem::remove(path + "-shm");  // shared memory does not outlive the machine
    const auto content = after_loss(tracked, unsynced, random);
    if (content) std::ofstream(path, std::ios::binary) << *content;
  }
  disk_->files.clear();
  disk_->has_power = true;
  disk_->writes_left = 0;
}

void PowerLossVfs::fail_writes(int sqlite_code) {
  const std::lock_guard lock(disk_->mutex);
  disk_->write_fault = sqlite_code;
}

void PowerLossVfs::fail_syncs(int sqlite_code) {
  const std::lock_guard lock(disk_->mutex);
  disk_->sync_fault = sqlite_code;
}

void PowerLossVfs::set_on_log_sync(std::function<void()> on_log_sync) {
  const std::lock_guard lock(disk_->mutex);
  disk_->on_log_sync = std::move(on_log_sync);
}

std::uint64_t PowerLossVfs::log_syncs() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->log_syncs;
}

}  // namespace naru::test
