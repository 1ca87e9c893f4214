#include "serve/upload.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/ids.hpp"
#include "net/descriptor.hpp"

namespace naru::serve {

// Used by one thread at a time: the loop between writes, a worker during one.
struct Upload::File {
  std::filesystem::path path;
  net::UniqueDescriptor descriptor;
  bool is_kept = false;

  ~File() {
    if (!is_kept && descriptor) ::unlink(path.c_str());
  }
  bool open() {
    descriptor = net::UniqueDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    return static_cast<bool>(descriptor);
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
};

Upload::Upload(const std::filesystem::path& folder, net::WorkerPool& workers,
               std::shared_ptr<hub::LoopGroup> loops, hub::LoopIndex loop, Function<void(bool)> pause,
               Function<void(Result<StoredBody>)> done)
    : file_(std::make_shared<File>()),
      workers_(workers),
      loops_(std::move(loops)),
      loop_(loop),
      pause_(std::move(pause)),
      done_(std::move(done)),
      self_(std::make_shared<Upload*>(this)) {
  file_->path = folder / (".upload-" + base::new_session_id(loop, 0));
}

Upload::~Upload() {
  *self_ = nullptr;
}

void Upload::add(std::string_view piece) {
  if (head_.size() < kHeadSize) head_.append(piece.substr(0, kHeadSize - head_.size()));
  size_ += piece.size();
  waiting_.append(piece);
  if (!is_paused_ && waiting_.size() >= kHold) {
    is_paused_ = true;
    pause_(true);
  }
  if (!is_writing_) write_on();
}

void Upload::finish() {
  is_finished_ = true;
  if (!is_writing_) write_on();
}

void Upload::write_on() {
  is_writing_ = true;
  auto job = [file = file_, bytes = std::exchange(waiting_, {}), self = self_, loops = loops_, loop = loop_] {
    const bool is_good = (file->descriptor || file->open()) && file->write(bytes);
    auto tell = [self, is_good] {
      if (Upload* upload = *self) upload->on_written(is_good);
    };
    loops->post(loop, tell, 0, net::PostKind::control);
  };
  if (!workers_.submit("upload", std::move(job))) on_written(false);
}

void Upload::on_written(bool is_good) {
  is_writing_ = false;
  if (!is_good) has_failed_ = true;
  if (has_failed_) waiting_.clear();
  if (!waiting_.empty()) return write_on();
  if (std::exchange(is_paused_, false)) pause_(false);
  if (!is_finished_ || is_writing_ || !done_) return;
  auto done = std::move(done_);
  if (has_failed_)
    return done(Error(std::make_error_code(std::errc::io_error), "the file cannot be written"));
  file_->is_kept = true;
  done(StoredBody{file_->path, size_, head_});
}

}  // namespace naru::serve
