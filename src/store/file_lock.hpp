// Keeps a file for one process: two servers on one store would number the same log twice.
//
//   auto lock = FileLock::take("data/naru.db.lock");
//   if (!lock) die(lock.error().message());
//
// Held until destroyed, also through kill -9 (the kernel lets go). The empty file stays: removing it would
// let a third process lock another file of the same name.
#pragma once

#include <string>
#include <utility>

#include "naru/result.hpp"

namespace naru::store {

class FileLock {
 public:
  // Fails with errc::locked when another holder lives, errc::disk when the file cannot be made.
  static Result<FileLock> take(const std::string& path);

  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace naru::store
