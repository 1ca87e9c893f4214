#include "store/sqlite_file.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <utility>
#include <vector>

#include "store/errc.hpp"

namespace naru::store {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE log (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: an old reader must not see a new log
  name       TEXT    NOT NULL UNIQUE,
  epoch      TEXT    NOT NULL,
  durability INTEGER NOT NULL,
  oldest     INTEGER NOT NULL,
  end        INTEGER NOT NULL,
  bytes      INTEGER NOT NULL
) STRICT;
CREATE TABLE message (
  log    INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  size   INTEGER NOT NULL,
  wall   INTEGER NOT NULL,  -- milliseconds since 1970
  kind   INTEGER NOT NULL,
  event  TEXT    NOT NULL,
  key    TEXT    NOT NULL,
  type   TEXT    NOT NULL,
  sender TEXT    NOT NULL,
  data   BLOB    NOT NULL,
  headers TEXT   NOT NULL DEFAULT '',  -- last, as in files that had none
  PRIMARY KEY (log, offset)
) STRICT, WITHOUT ROWID;
CREATE TABLE idempotency_key (
  log    INTEGER NOT NULL,
  key    TEXT    NOT NULL,
  offset INTEGER NOT NULL,
  wall   INTEGER NOT NULL,
  PRIMARY KEY (log, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_key_by_offset ON idempotency_key (log, offset);
CREATE TABLE state (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

int read_pragma(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getInt();
}

void create_schema(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec(kSchema);
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  transaction.commit();
}

// What each schema has more than the one before it. A crash in between leaves the file as it was.
void upgrade_schema(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec("ALTER TABLE message ADD COLUMN headers TEXT NOT NULL DEFAULT ''");
  database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  transaction.commit();
}

Result<void> check_schema(SQLite::Database& database, const std::string& file) {
  const int version = read_pragma(database, "user_version");
  const bool is_new = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
  if (is_new) {
    create_schema(database);
    return {};
  }
  if (read_pragma(database, "application_id") != kApplicationId) {
    return make_error(errc::corrupt,
                      file + " is not a naru store: it is the SQLite database of another program");
  }
  if (version == kSchemaVersion - 1) {
    upgrade_schema(database);
    return {};
  }
  if (version != kSchemaVersion) {
    return make_error(errc::wrong_schema, file + " has schema " + std::to_string(version) +
                                              ", this naru knows " + std::to_string(kSchemaVersion) +
                                              ": use the naru that wrote it, or newer");
  }
  return {};
}

std::string read_state(SQLite::Database& database, const char* name) {
  SQLite::Statement query(database, "SELECT value FROM state WHERE name = ?");
  query.bind(1, name);
  return query.executeStep() ? query.getColumn(0).getString() : std::string();
}

void write_state(SQLite::Database& database, const char* name, const std::string& value) {
  SQLite::Statement statement(database, "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)");
  statement.bind(1, name);
  statement.bind(2, value);
  statement.exec();
}

void renew_epochs(SQLite::Database& database) {
  std::vector<std::int64_t> ids;
  SQLite::Statement query(database, "SELECT id FROM log WHERE durability = ?");
  query.bind(1, static_cast<int>(Durability::process));
  while (query.executeStep())
    ids.push_back(query.getColumn(0).getInt64());
  SQLite::Statement update(database, "UPDATE log SET epoch = ? WHERE id = ?");
  for (const std::int64_t id : ids) {
    update.bind(1, std::string(new_epoch().text()));
    update.bind(2, id);
    update.exec();
    update.reset();
  }
}

}  // namespace

Result<SqliteDatabase> open_sqlite_for_writing(const SqliteOptions& options) {
  try {
    auto database = std::make_unique<SQLite::Database>(
        options.file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyMilliseconds,
        options.vfs);
    const std::string mode = database->execAndGet("PRAGMA journal_mode = WAL").getString();
    if (mode != "wal") return make_error(errc::disk, options.file + " cannot use a write-ahead log here");
    database->exec("PRAGMA synchronous = FULL");
    database->exec("PRAGMA temp_store = MEMORY");
    database->exec("PRAGMA wal_autocheckpoint = " + std::to_string(options.checkpoint_pages));
    database->exec("PRAGMA journal_size_limit = 67108864");  // after a burst the log file shrinks again
    if (auto checked = check_schema(*database, options.file); !checked) return checked.error();
    return database;
  } catch (const SQLite::Exception& exception) {
    return to_error(exception, "cannot open " + options.file);
  }
}

Result<SqliteDatabase> open_sqlite_for_reading(const SqliteOptions& options) {
  try {
    auto database = std::make_unique<SQLite::Database>(
        options.file, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, kBusyMilliseconds, options.vfs);
    database->exec("PRAGMA temp_store = MEMORY");
    return database;
  } catch (const SQLite::Exception& exception) {
    return to_error(exception, "cannot open " + options.file + " for reading");
  }
}

void begin_run(SQLite::Database& database, const std::string& boot_id) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const bool was_closed = read_state(database, "closed") == "yes";
  const std::string last_boot = read_state(database, "boot");
  if (!was_closed && (boot_id.empty() || last_boot != boot_id)) renew_epochs(database);
  write_state(database, "boot", boot_id);
  write_state(database, "closed", "no");
  transaction.commit();
}

void mark_closed(SQLite::Database& database) {
  database.exec("PRAGMA synchronous = FULL");
  write_state(database, "closed", "yes");
}

Error to_error(const SQLite::Exception& exception, std::string_view doing) {
  std::string sentence = std::string(doing) + ": " + exception.what();
  switch (exception.getErrorCode() & 0xFF) {
    case SQLITE_FULL:
      return make_error(errc::disk_full, std::move(sentence));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make_error(errc::corrupt, std::move(sentence));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make_error(errc::locked, std::move(sentence));
    default:
      return make_error(errc::disk, std::move(sentence));
  }
}

}  // namespace naru::store
