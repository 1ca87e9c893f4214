// A request's body on its way to a file: written as it comes, off the loop, with at most kHold bytes in
// memory.
//
// Pieces are gathered while the one before is being written; when too much waits the body is paused. The file
// has a name of ours in the given folder and is removed unless it is handed over whole. For the loop's
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "hub/loop_group.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "net/worker_pool.hpp"
#include "serve/application.hpp"

namespace naru::serve {

class Upload {
 public:
  static constexpr std::size_t kHold = std::size_t{256} * 1024;  // a few writes' worth
  static constexpr std::size_t kHeadSize = 64;                   // enough for every magic number

  // `pause(true)` when too much waits, `pause(false)` when there is room again; `done` once, after finish().
  Upload(const std::filesystem::path& folder, net::WorkerPool& workers, std::shared_ptr<hub::LoopGroup> loops,
         hub::LoopIndex loop, Function<void(bool)> pause, Function<void(Result<StoredBody>)> done);
  ~Upload();  // without done(): the file goes

  void add(std::string_view piece);
  void finish();

 private:
  struct File;  // shared with the worker that writes
  void write_on();
  void on_written(bool is_good);

  std::shared_ptr<File> file_;
  net::WorkerPool& workers_;
  std::shared_ptr<hub::LoopGroup> loops_;
  const hub::LoopIndex loop_;
  Function<void(bool)> pause_;
  Function<void(Result<StoredBody>)> done_;
  std::shared_ptr<Upload*> self_;  // emptied by the destructor: what the worker posts may come late
  std::string waiting_;
  std::string head_;
  std::uint64_t size_ = 0;
  bool is_writing_ = false;
  bool is_paused_ = false;
  bool is_finished_ = false;
  bool has_failed_ = false;
};

}  // namespace naru::serve
