#include "store/sqlite_readers.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/errc.hpp"

namespace naru::store {
namespace {

constexpr const char* kColumns = "offset, wall, kind, event, key, type, sender, data, headers";

// Ends the read also when a row throws.
class Reading {
 public:
  explicit Reading(SQLite::Statement& statement) : statement_(statement) { statement_.tryReset(); }
  Reading(const Reading&) = delete;
  ~Reading() { statement_.tryReset(); }

 private:
  SQLite::Statement& statement_;
};

template <class Read>
auto guarded(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const SQLite::Exception& exception) {
    return to_error(exception, "cannot read the store");
  }
}

std::int64_t as_column(std::uint64_t offset) {
  return static_cast<std::int64_t>(std::min(offset, channel::Position::kMaxOffset));
}

}  // namespace

SqliteReader::SqliteReader(SqliteDatabase database, const base::Clock& clock)
    : database_(std::move(database)),
      clock_(clock),
      find_log_(*database_, "SELECT id, epoch, oldest, end, bytes FROM log WHERE name = ?"),
      names_(*database_, "SELECT name FROM log WHERE name > ? ORDER BY name LIMIT ?"),
      forward_(*database_, std::string("SELECT ") + kColumns +
                               " FROM message WHERE log = ? AND offset > ? ORDER BY offset LIMIT ?"),
      backward_(*database_, std::string("SELECT ") + kColumns +
                                " FROM message WHERE log = ? AND offset < ? ORDER BY offset DESC LIMIT ?"),
      find_key_(*database_, "SELECT offset FROM idempotency_key WHERE log = ? AND key = ?"),
      newest_keys_(
          *database_,
          "SELECT key, offset, wall FROM idempotency_key WHERE log = ? ORDER BY offset DESC LIMIT ?") {}

Result<std::optional<SqliteReader::Found>> SqliteReader::find_log(std::string_view name) {
  return guarded([&]() -> Result<std::optional<Found>> {
    const Reading reading(find_log_);
    find_log_.bind(1, std::string(name));
    if (!find_log_.executeStep()) return std::optional<Found>();
    const auto epoch = channel::Epoch::parse(find_log_.getColumn(1).getString());
    if (!epoch)
      return make_error(errc::corrupt, "the store's log " + std::string(name) + " has no valid epoch");
    const channel::Bounds bounds{static_cast<std::uint64_t>(find_log_.getColumn(2).getInt64()),
                                 static_cast<std::uint64_t>(find_log_.getColumn(3).getInt64())};
    const auto bytes = static_cast<std::uint64_t>(find_log_.getColumn(4).getInt64());
    return std::optional(Found{*epoch, {find_log_.getColumn(0).getInt64(), bounds, bytes}});
  });
}

Result<std::vector<std::string>> SqliteReader::names(std::string_view after, std::size_t limit) {
  return guarded([&]() -> Result<std::vector<std::string>> {
    const Reading reading(names_);
    names_.bind(1, std::string(after));
    names_.bind(2, as_column(limit));
    std::vector<std::string> names;
    while (names_.executeStep())
      names.push_back(names_.getColumn(0).getString());
    return names;
  });
}

std::size_t SqliteReader::fill(SQLite::Statement& rows, const channel::Epoch& epoch,
                               std::span<channel::PublicationRef> out) {
  const base::TimePoint now = clock_.now();
  const auto wall_now = clock_.wall();
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < out.size() && bytes < StoredLog::kMaxPageBytes && rows.executeStep()) {
    auto publication = std::make_shared<channel::Publication>();
    publication->position = {epoch, static_cast<std::uint64_t>(rows.getColumn(0).getInt64())};
    publication->wall =
        std::chrono::system_clock::time_point(std::chrono::milliseconds(rows.getColumn(1).getInt64()));
    const auto ago = std::max(wall_now - publication->wall, std::chrono::system_clock::duration(0));
    publication->appended = now - std::chrono::duration_cast<base::Duration>(ago);
    channel::Message& message = publication->message;
    message.kind = static_cast<channel::Kind>(rows.getColumn(2).getInt());
    message.event = rows.getColumn(3).getString();
    message.key = rows.getColumn(4).getString();
    message.type = rows.getColumn(5).getString();
    message.sender = rows.getColumn(6).getString();
    const SQLite::Column data = rows.getColumn(7);
    message.data = base::Frame::copy(
        {static_cast<const char*>(data.getBlob()), static_cast<std::size_t>(data.getBytes())});
    message.headers = rows.getColumn(8).getString();
    bytes += publication->cost();
    out[count++] = std::move(publication);
  }
  return count;
}

Result<std::size_t> SqliteReader::read_forward(std::int64_t log, const channel::Epoch& epoch,
                                               std::uint64_t after, std::span<channel::PublicationRef> out) {
  return guarded([&]() -> Result<std::size_t> {
    const Reading reading(forward_);
    forward_.bind(1, log);
    forward_.bind(2, as_column(after));
    forward_.bind(3, as_column(out.size()));
    return fill(forward_, epoch, out);
  });
}

Result<std::size_t> SqliteReader::read_backward(std::int64_t log, const channel::Epoch& epoch,
                                                std::uint64_t before,
                                                std::span<channel::PublicationRef> out) {
  return guarded([&]() -> Result<std::size_t> {
    const Reading reading(backward_);
    backward_.bind(1, log);
    backward_.bind(2, as_column(before));
    backward_.bind(3, as_column(out.size()));
    const std::size_t count = fill(backward_, epoch, out);
    std::reverse(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  });
}

Result<std::optional<std::uint64_t>> SqliteReader::find_key(std::int64_t log, std::string_view key) {
  return guarded([&]() -> Result<std::optional<std::uint64_t>> {
    const Reading reading(find_key_);
    find_key_.bind(1, log);
    find_key_.bind(2, std::string(key));
    if (!find_key_.executeStep()) return std::optional<std::uint64_t>();
    return std::optional(static_cast<std::uint64_t>(find_key_.getColumn(0).getInt64()));
  });
}

Result<std::vector<KeptKey>> SqliteReader::newest_keys(std::int64_t log, std::size_t limit) {
  return guarded([&]() -> Result<std::vector<KeptKey>> {
    const Reading reading(newest_keys_);
    newest_keys_.bind(1, log);
    newest_keys_.bind(2, as_column(limit));
    std::vector<KeptKey> keys;
    while (newest_keys_.executeStep()) {
      keys.push_back({newest_keys_.getColumn(0).getString(),
                      static_cast<std::uint64_t>(newest_keys_.getColumn(1).getInt64()),
                      newest_keys_.getColumn(2).getInt64()});
    }
    std::reverse(keys.begin(), keys.end());
    return keys;
  });
}

Result<SqliteReaders::Lease> SqliteReaders::lease() {
  std::unique_lock lock(mutex_);
  given_back_.wait(lock, [this] { return is_closed_ || !free_.empty() || out_ < options_.readers; });
  if (is_closed_) return make_error(errc::closed);
  ++out_;
  if (!free_.empty()) {
    auto reader = std::move(free_.back());
    free_.pop_back();
    return Lease(*this, std::move(reader));
  }
  lock.unlock();
  auto opened = guarded([&]() -> Result<std::unique_ptr<SqliteReader>> {
    auto database = open_sqlite_for_reading(options_);
    if (!database) return database.error();
    return std::make_unique<SqliteReader>(std::move(*database), *options_.clock);
  });
  if (opened) return Lease(*this, std::move(*opened));
  give_back(nullptr);
  return opened.error();
}

void SqliteReaders::give_back(std::unique_ptr<SqliteReader> reader) {
  {
    const std::lock_guard lock(mutex_);
    --out_;
    if (reader != nullptr) free_.push_back(std::move(reader));
  }
  given_back_.notify_all();
}

void SqliteReaders::close() {
  std::unique_lock lock(mutex_);
  is_closed_ = true;
  given_back_.notify_all();
  given_back_.wait(lock, [this] { return out_ == 0; });
  free_.clear();
}

}  // namespace naru::store
