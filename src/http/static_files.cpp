#include "http/static_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "base/frame.hpp"
#include "http/content_type.hpp"
#include "http/etag.hpp"
#include "http/grammar.hpp"
#include "http/negotiation.hpp"

namespace naru::http {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

// Hidden ones include "." and "..".
bool is_servable(std::string_view part) {
  return !part.empty() && part[0] != '.' && part.find('\\') == std::string_view::npos &&
         part.find('\0') == std::string_view::npos;
}

// Part by part, so that no symbolic link on the way can lead out. O_NONBLOCK: opening a pipe must not wait
// for a writer.
Descriptor open_below(const std::filesystem::path& folder, std::string_view path) {
  Descriptor at(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  while (at.is_open()) {
    const bool is_last = path.find('/') == std::string_view::npos;
    const std::string part(cut(path, '/'));
    if (!is_servable(part)) break;
    const int flags = is_last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
    at = Descriptor(::openat(at.get(), part.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    if (is_last) return at;
  }
  return Descriptor(-1);
}

// Empty when the file cannot be read, or shrinks meanwhile.
std::optional<base::Frame> read_whole(int descriptor, std::size_t size) {
  base::FrameBuilder builder(0, size);
  char* to = builder.grow(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = ::pread(descriptor, to + done, size - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    done += static_cast<std::size_t>(count);
  }
  return std::move(builder).take();
}

// Weak: a file may change twice within the clock's grain.
std::string tag_of(const struct stat& status) {
  return "W/\"" + std::to_string(status.st_size) + "-" + std::to_string(status.st_mtim.tv_sec) + "-" +
         std::to_string(status.st_mtim.tv_nsec) + "\"";
}

StaticAnswer not_found() {
  StaticAnswer answer;
  answer.head.status = 404;
  answer.head.add("Content-Type", "text/plain; charset=utf-8");
  answer.body = base::Slice(base::Frame::of_static("Not Found"));
  return answer;
}

ResponseHead describe(int status, std::string_view etag, const StaticOptions& options) {
  ResponseHead head{status};
  head.add("ETag", etag);
  if (!options.cache_control.empty()) head.add("Cache-Control", options.cache_control);
  head.add("X-Content-Type-Options", "nosniff");
  return head;
}

struct Coded {
  std::string_view coding;
  std::string_view bytes;
};

// What the file is there in besides as it is, in the order in which we would choose.
std::vector<Coded> codings_of(const Asset& asset) {
  std::vector<Coded> codings;
  for (const Coded& coded : {Coded{"br", asset.brotli}, {"gzip", asset.gzip}, {"deflate", asset.deflate}}) {
    if (!coded.bytes.empty()) codings.push_back(coded);
  }
  return codings;
}

const Coded* choose_coding(const std::vector<Coded>& codings, const RequestHead& request) {
  const auto accept = request.find("accept-encoding");
  if (!accept) return nullptr;
  std::vector<std::string_view> names;
  for (const Coded& coded : codings)
    names.push_back(coded.coding);
  const auto choice = choose_encoding(*accept, names);
  return choice ? &codings[*choice] : nullptr;
}

// A coded file is another representation, so its tag must differ (RFC 9110 8.8.3.3).
std::string tag_of_coded(std::string_view etag, std::string_view coding, const StaticOptions& options) {
  std::string tag(etag);
  if (options.has_one_tag || tag.empty() || tag.back() != '"') return tag;
  return tag.insert(tag.size() - 1, "-" + std::string(coding));
}

}  // namespace

const Asset* find_asset(std::span<const Asset> sorted, std::string_view path) noexcept {
  const auto found =
      std::lower_bound(sorted.begin(), sorted.end(), path,
                       [](const Asset& asset, std::string_view wanted) { return asset.path < wanted; });
  return found != sorted.end() && found->path == path ? &*found : nullptr;
}

StaticAnswer answer_asset(const Asset& asset, const RequestHead& request, const StaticOptions& options) {
  const std::vector<Coded> codings = codings_of(asset);
  const Coded* coded = choose_coding(codings, request);
  const std::string etag =
      coded != nullptr ? tag_of_coded(asset.etag, coded->coding, options) : std::string(asset.etag);
  // Who has the plain file need not fetch the coded one, and the other way round.
  const bool has_it = is_not_modified(request, asset.etag) ||
                      std::any_of(codings.begin(), codings.end(), [&](const Coded& each) {
                        return is_not_modified(request, tag_of_coded(asset.etag, each.coding, options));
                      });

  StaticAnswer answer{describe(has_it ? 304 : 200, etag, options), {}};
  if (!codings.empty()) answer.head.add("Vary", "Accept-Encoding");
  if (has_it) return answer;
  answer.head.add("Content-Type", asset.content_type);
  if (coded != nullptr) answer.head.add("Content-Encoding", coded->coding);
  answer.body = base::Slice(base::Frame::of_static(coded != nullptr ? coded->bytes : asset.bytes));
  return answer;
}

StaticAnswer answer_from_folder(const std::filesystem::path& folder, std::string_view path,
                                const RequestHead& request, const StaticOptions& options) {
  const Descriptor file = open_below(folder, path);
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return not_found();
  if (static_cast<std::uint64_t>(status.st_size) > options.max_file) return not_found();

  const std::string etag = tag_of(status);
  if (is_not_modified(request, etag)) return {describe(304, etag, options), {}};
  auto bytes = read_whole(file.get(), static_cast<std::size_t>(status.st_size));
  if (!bytes) return not_found();
  StaticAnswer answer{describe(200, etag, options), base::Slice(std::move(*bytes))};
  answer.head.add("Content-Type", content_type_of(path));
  return answer;
}

}  // namespace naru::http
