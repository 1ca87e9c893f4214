// A position that survives the process that read up to it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace apps {

class PositionFile {
 public:
  explicit PositionFile(std::string path) : path_(std::move(path)) {}
  ~PositionFile() { write_last(); }
  PositionFile(const PositionFile&) = delete;
  PositionFile& operator=(const PositionFile&) = delete;

  // Nothing when there is no file yet. Throws std::runtime_error when it holds something else.
  std::optional<std::string> read() const;
  // At most every kEvery on disk, and at the end.
  void keep(const std::string& position);

  static constexpr std::chrono::milliseconds kEvery{500};

 private:
  void write_last();

  const std::string path_;
  std::string position_;
  bool is_written_ = true;
  std::chrono::steady_clock::time_point written_at_{};
};

}  // namespace apps
