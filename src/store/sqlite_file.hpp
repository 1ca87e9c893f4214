// Opening the store's SQLite file: pragmas, schema, and what SQLite's codes mean to us.
//
//   auto database = open_sqlite_for_writing(options);
//   if (!database) return database.error();      // a sentence that names the file
//
// Schema 2 (PRAGMA user_version); application_id says that the file is ours. Schema 1 had no message.headers;
// a file that has it is changed when it is opened for writing, and older narus refuse it from then on:
//   log              one row per log: epoch, what is kept (oldest..end, bytes), the durability it was written
//   with message          (log, offset) -> the publication; small columns first, so that trimming does not
//   read data idempotency_key  (log, key) -> offset; outlives its message by a while state            the
//   last boot id, and whether the store was closed cleanly
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <memory>
#include <string>
#include <string_view>

#include "naru/result.hpp"
#include "store/sqlite_log_store.hpp"

namespace naru::store {

inline constexpr int kSchemaVersion = 2;
inline constexpr int kApplicationId = 0x6E617275;  // "naru"
// A checkpoint or a copying tool may hold the file for a moment; longer than this is an error.
inline constexpr int kBusyMilliseconds = 5000;

using SqliteDatabase = std::unique_ptr<SQLite::Database>;

// Creates the file and the schema when missing.
Result<SqliteDatabase> open_sqlite_for_writing(const SqliteOptions& options);
Result<SqliteDatabase> open_sqlite_for_reading(const SqliteOptions& options);

// After a loss of power, logs that were written without waiting for the disk may have lost their end, and
// would number it again: they get a new epoch. An empty `boot_id` (unknown) counts as one. Marks the store as
// in use until mark_closed().
void begin_run(SQLite::Database& database, const std::string& boot_id);
void mark_closed(SQLite::Database& database);

// `doing` begins the sentence: "cannot store into data/naru.db".
Error to_error(const SQLite::Exception& exception, std::string_view doing);

}  // namespace naru::store
