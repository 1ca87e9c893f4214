#include "store/sqlite_log_store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include "contract/log_store_contract.hpp"
#include "store/sqlite_file.hpp"
#include "support/power_loss_vfs.hpp"
#include "support/scratch_directory.hpp"

namespace naru::test {
namespace {

struct SqliteTraits {
  std::unique_ptr<store::LogStore> open() {
    auto store = store::SqliteLogStore::open({.file = scratch.file("naru.db"), .clock = &clock});
    if (!store) throw std::runtime_error(store.error().message());
    return std::move(*store);
  }
  FakeClock clock;
  ScratchDirectory scratch;
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LogStoreContract, SqliteTraits);

namespace {

using store::Durability;
using store::errc;
using store::IfMissing;
using store::SqliteLogStore;
using store::StoredLogRef;

class SqliteLogStoreTest : public testing::Test {
 protected:
  void open_store(store::SqliteOptions options = {}) {
    store_.reset();
    options.file = file_;
    auto opened = SqliteLogStore::open(options);
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = std::move(*opened);
  }
  StoredLogRef open_log(std::string_view name, Durability durability = Durability::power) {
    auto log = store_->open(name, {.durability = durability, .history = {}}, IfMissing::create);
    EXPECT_TRUE(log) << log.error().message();
    (*log)->set_events(events_);
    return *log;
  }
  static Result<store::AppendStatus> append(store::StoredLog& log, std::uint64_t offset,
                                            std::string_view text, std::string key = {}) {
    auto publication = std::make_shared<channel::Publication>();
    publication->position = {log.epoch(), offset};
    publication->message.data = base::Frame::copy(text);
    publication->wall = std::chrono::system_clock::now();
    return log.append(publication, std::move(key));
  }
  static std::vector<std::string> texts(store::StoredLog& log) {
    std::vector<channel::PublicationRef> page(1000);
    const auto count = log.read_forward(0, page);
    EXPECT_TRUE(count) << count.error().message();
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < *count; ++i)
      texts.emplace_back(page[i]->message.data.view());
    return texts;
  }
  Error refused_to_open() {
    store::SqliteOptions options;
    options.file = file_;
    auto opened = SqliteLogStore::open(options);
    EXPECT_FALSE(opened);
    return opened ? Error(std::error_code()) : opened.error();
  }

  using Texts = std::vector<std::string>;
  ScratchDirectory scratch_;
  std::string file_ = scratch_.file("naru.db");
  std::shared_ptr<RecordedEvents> events_ = std::make_shared<RecordedEvents>();
  std::unique_ptr<SqliteLogStore> store_;
};

TEST_F(SqliteLogStoreTest, EverythingIsThereAfterARestart) {
  open_store();
  channel::Epoch epoch;
  {
    const auto log = open_log("news");
    epoch = log->epoch();
    ASSERT_TRUE(append(*log, 1, "a", "key-a"));
    ASSERT_TRUE(append(*log, 2, "b"));
  }
  open_store();
  const auto log = open_log("news");
  EXPECT_EQ(log->epoch(), epoch);
  EXPECT_EQ(log->bounds(), (channel::Bounds{1, 2}));
  EXPECT_EQ(texts(*log), (Texts{"a", "b"}));
  EXPECT_EQ(log->find_key("key-a").value_or(std::nullopt), 1u);
  ASSERT_TRUE(append(*log, 3, "c"));
  store_->flush();
  EXPECT_EQ(events_->committed(), 3u);
}

TEST_F(SqliteLogStoreTest, TrimmedBoundsAreThereAfterARestart) {
  open_store();
  {
    auto log =
        store_->open("news", {.durability = Durability::power, .history = {.count = 2}}, IfMissing::create);
    ASSERT_TRUE(log);
    for (std::uint64_t offset = 1; offset <= 5; ++offset)
      ASSERT_TRUE(append(**log, offset, "x"));
  }
  open_store();
  EXPECT_EQ(open_log("news")->bounds(), (channel::Bounds{4, 5}));
}

TEST_F(SqliteLogStoreTest, AnotherProcessIsKeptOut) {
  open_store();
  const Error error = refused_to_open();
  EXPECT_EQ(error.code(), errc::locked);
  EXPECT_NE(error.message().find(file_), std::string::npos) << error.message();
  store_.reset();
  open_store();
}

TEST_F(SqliteLogStoreTest, AFileThatIsNoDatabaseIsAClearSentence) {
  std::ofstream(file_) << std::string(8192, 'x');
  const Error error = refused_to_open();
  EXPECT_EQ(error.code(), errc::corrupt);
  EXPECT_NE(error.message().find(file_), std::string::npos) << error.message();
}

TEST_F(SqliteLogStoreTest, ADatabaseOfAnotherProgramIsAClearSentence) {
  SQLite::Database(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE cookies (id INTEGER)");
  const Error error = refused_to_open();
  EXPECT_EQ(error.code(), errc::corrupt);
  EXPECT_NE(error.message().find("another program"), std::string::npos) << error.message();
}

TEST_F(SqliteLogStoreTest, ANewerSchemaIsAClearSentence) {
  open_store();
  store_.reset();
  SQLite::Database(file_, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 3");
  const Error error = refused_to_open();
  EXPECT_EQ(error.code(), errc::wrong_schema);
  EXPECT_NE(error.message().find("schema 3"), std::string::npos) << error.message();
}

// As the first naru wrote it.
constexpr const char* kFileOfSchema1 = R"sql(
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL,
  durability INTEGER NOT NULL, oldest INTEGER NOT NULL, end INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
CREATE TABLE message (log INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL,
  wall INTEGER NOT NULL, kind INTEGER NOT NULL, event TEXT NOT NULL, key TEXT NOT NULL, type TEXT NOT NULL,
  sender TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (log, offset)) STRICT, WITHOUT ROWID;
CREATE TABLE idempotency_key (log INTEGER NOT NULL, key TEXT NOT NULL, offset INTEGER NOT NULL,
  wall INTEGER NOT NULL, PRIMARY KEY (log, key)) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_key_by_offset ON idempotency_key (log, offset);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO log VALUES (1, 'news', 'AAAAAAAAAAAAAAAA', 2, 1, 1, 400);
INSERT INTO message VALUES (1, 1, 400, 1700000000000, 0, 'goal', 'k', '', '', CAST('"old"' AS BLOB));
INSERT INTO idempotency_key VALUES (1, 'i', 1, 1700000000000);
PRAGMA application_id = 1851880053;
PRAGMA user_version = 1;
)sql";

TEST_F(SqliteLogStoreTest, AFileOfTheFirstSchemaIsTakenOver) {
  SQLite::Database(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(kFileOfSchema1);
  for (int run = 0; run < 2; ++run) {
    open_store();
    const auto log = store_->open("news", {}, IfMissing::none);
    ASSERT_TRUE(log && *log != nullptr);
    EXPECT_EQ((*log)->epoch().text(), "AAAAAAAAAAAAAAAA");
    std::vector<channel::PublicationRef> page(3);
    ASSERT_EQ((*log)->read_forward(0, page).value_or(0), run == 0 ? 1U : 2U);
    EXPECT_EQ(page[0]->message.data.view(), R"("old")");
    EXPECT_EQ(page[0]->message.event, "goal");
    EXPECT_EQ(page[0]->message.headers, "");
    EXPECT_EQ((*log)->find_key("i").value_or(std::nullopt), 1U);
    if (run == 0) {
      auto next = std::make_shared<channel::Publication>();
      next->position = {(*log)->epoch(), 2};
      next->message = {.data = base::Frame::copy("1"), .headers = R"({"a":"b"})"};
      ASSERT_TRUE((*log)->append(next, {}));
      store_->flush();
    } else {
      EXPECT_EQ(page[1]->message.headers, R"({"a":"b"})");
    }
    store_.reset();
  }
}

TEST_F(SqliteLogStoreTest, AMissingDirectoryIsAClearSentence) {
  file_ = scratch_.file("missing/naru.db");
  const Error error = refused_to_open();
  EXPECT_EQ(error.code(), errc::disk);
  EXPECT_NE(error.message().find(file_), std::string::npos) << error.message();
}

TEST_F(SqliteLogStoreTest, LogsMayOutliveTheStore) {
  open_store();
  const auto log = open_log("news");
  ASSERT_TRUE(append(*log, 1, "a"));
  store_.reset();
  EXPECT_EQ(events_->committed(), 1u);  // the last commit is awaited
  const auto status = append(*log, 2, "b");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), errc::closed);
  std::vector<channel::PublicationRef> page(1);
  const auto count = log->read_forward(0, page);
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code(), errc::closed);
}

TEST_F(SqliteLogStoreTest, APageIsBoundedInBytes) {
  open_store();
  const auto log = open_log("news");
  const std::string large(std::size_t{3} << 20, 'x');
  for (std::uint64_t offset = 1; offset <= 4; ++offset)
    ASSERT_TRUE(append(*log, offset, large));
  store_->flush();
  std::vector<channel::PublicationRef> page(10);
  EXPECT_EQ(log->read_forward(0, page).value_or(0), 2u);
  EXPECT_EQ(log->read_backward(5, page).value_or(0), 2u);
  EXPECT_EQ(page[0]->position.offset, 3u);
}

// A process that dies leaves the file as it is at that moment; its copy is what the next process finds.
class SqliteAfterACrash : public SqliteLogStoreTest {
 protected:
  void crash() {
    store_->flush();
    const std::string copy = scratch_.file("copy.db");
    for (const char* suffix : {"", "-wal"})
      std::filesystem::copy_file(file_ + suffix, copy + suffix);
    store_.reset();
    file_ = copy;
  }
  channel::Epoch epoch_of(std::string_view name) {
    const auto log = store_->open(name, {}, IfMissing::none);
    EXPECT_TRUE(log && *log != nullptr);
    return (*log)->epoch();
  }
};

TEST_F(SqliteAfterACrash, OnlyALossOfPowerRenewsEpochsOfLogsThatDoNotSync) {
  open_store({.boot_id = "monday"});
  const auto process = open_log("process", Durability::process);
  const auto power = open_log("power", Durability::power);
  ASSERT_TRUE(append(*process, 1, "a"));
  ASSERT_TRUE(append(*power, 1, "a"));
  crash();
  open_store({.boot_id = "monday"});  // the process was killed; the machine went on
  EXPECT_EQ(epoch_of("process"), process->epoch());
  EXPECT_EQ(epoch_of("power"), power->epoch());
  open_store({.boot_id = "tuesday"});  // closed cleanly in between
  EXPECT_EQ(epoch_of("process"), process->epoch());
  const auto kept = file_;
  file_ += ".2";
  for (const char* suffix : {"", "-wal"})
    std::filesystem::copy_file(kept + suffix, file_ + suffix);
  open_store({.boot_id = "wednesday"});  // not closed on Tuesday
  EXPECT_NE(epoch_of("process"), process->epoch());
  EXPECT_EQ(epoch_of("power"), power->epoch());
  EXPECT_EQ(texts(*open_log("process")), (Texts{"a"}));
}

class SqliteWithFaults : public SqliteLogStoreTest {
 protected:
  void SetUp() override { open_store({.vfs = "faulty"}); }
  void TearDown() override { store_.reset(); }

  // The writer thread waits before its next sync of the log until released.
  class HeldSync {
   public:
    explicit HeldSync(PowerLossVfs& vfs) : vfs_(vfs) {
      vfs_.set_on_log_sync([this] {
        if (is_held_.exchange(true)) return;
        reached_.set_value();
        release_.get_future().wait();
      });
    }
    void await() { reached_.get_future().wait(); }
    void release() { release_.set_value(); }
    ~HeldSync() { vfs_.set_on_log_sync(nullptr); }

   private:
    PowerLossVfs& vfs_;
    std::atomic<bool> is_held_{false};
    std::promise<void> reached_;
    std::promise<void> release_;
  };

  PowerLossVfs vfs_{"faulty"};
};

TEST_F(SqliteWithFaults, WhatGathersDuringACommitIsOneCommit) {
  const auto log = open_log("news");
  const std::uint64_t before = store_->commits();
  HeldSync sync(vfs_);
  ASSERT_TRUE(append(*log, 1, "1"));
  sync.await();
  EXPECT_EQ(log->bounds().end, 0u);  // not seen before it is synced
  for (std::uint64_t offset = 2; offset <= 101; ++offset)
    ASSERT_TRUE(append(*log, offset, std::to_string(offset)));
  sync.release();
  store_->flush();
  EXPECT_EQ(store_->commits() - before, 2u);
  EXPECT_EQ(events_->committed(), 101u);
  EXPECT_EQ(texts(*log).size(), 101u);
}

TEST_F(SqliteWithFaults, OnlyPowerWaitsForTheDisk) {
  const auto process = open_log("process", Durability::process);
  const auto power = open_log("power", Durability::power);
  const std::uint64_t before = vfs_.log_syncs();
  ASSERT_TRUE(append(*process, 1, "a"));
  store_->flush();
  EXPECT_EQ(vfs_.log_syncs(), before);
  ASSERT_TRUE(append(*power, 1, "a"));
  store_->flush();
  EXPECT_EQ(vfs_.log_syncs(), before + 1);
}

TEST_F(SqliteWithFaults, TheQueueIsBounded) {
  open_store({.queue_bytes = 10'000, .vfs = "faulty"});
  const auto log = open_log("news");
  HeldSync sync(vfs_);
  ASSERT_TRUE(append(*log, 1, "x"));
  sync.await();
  std::uint64_t accepted = 1;
  for (;;) {
    const auto status = append(*log, accepted + 1, std::string(100, 'x'));
    if (!status) {
      EXPECT_EQ(status.error().code(), errc::busy);
      break;
    }
    ++accepted;
    ASSERT_LT(accepted, 1000u);
  }
  EXPECT_GT(accepted, 5u);
  sync.release();
  store_->flush();
  EXPECT_EQ(events_->committed(), accepted);
  EXPECT_TRUE(append(*log, accepted + 1, "fits again"));
}

struct Fault {
  const char* name;
  int write_code;
  int sync_code;
  errc expected;
};

class SqliteFault : public SqliteWithFaults, public testing::WithParamInterface<Fault> {};

TEST_P(SqliteFault, IsAnErrorAndNeverAnAcknowledgement) {
  const auto log = open_log("news");
  ASSERT_TRUE(append(*log, 1, "a"));
  store_->flush();
  HeldSync sync(vfs_);
  const auto other = open_log("other");
  ASSERT_TRUE(append(*other, 1, "holds the writer"));
  sync.await();
  ASSERT_TRUE(append(*log, 2, "lost", "key"));
  ASSERT_TRUE(append(*log, 3, "lost"));
  vfs_.fail_writes(GetParam().write_code);
  vfs_.fail_syncs(GetParam().sync_code);
  sync.release();
  store_->flush();
  EXPECT_EQ(log->bounds(), (channel::Bounds{1, 1}));
  const auto failures = events_->failures();
  ASSERT_FALSE(failures.empty());
  EXPECT_EQ(failures.back().first, 2u);
  EXPECT_EQ(failures.back().second.code(), GetParam().expected) << failures.back().second.message();

  ASSERT_TRUE(append(*log, 4, "appended before the owner knew"));
  vfs_.fail_writes(SQLITE_OK);
  vfs_.fail_syncs(SQLITE_OK);
  ASSERT_TRUE(append(*log, 2, "b"));
  store_->flush();
  EXPECT_EQ(events_->failures().size(), failures.size());  // number 4 was void with number 2
  EXPECT_EQ(texts(*log), (Texts{"a", "b"}));
  EXPECT_EQ(log->find_key("key").value_or(std::nullopt), std::nullopt);
  open_store({.vfs = "faulty"});
  EXPECT_EQ(texts(*open_log("news")), (Texts{"a", "b"}));
}

INSTANTIATE_TEST_SUITE_P(Each, SqliteFault,
                         testing::Values(Fault{"disk_full", SQLITE_FULL, SQLITE_OK, errc::disk_full},
                                         Fault{"write_error", SQLITE_IOERR_WRITE, SQLITE_OK, errc::disk},
                                         Fault{"sync_error", SQLITE_OK, SQLITE_IOERR_FSYNC, errc::disk}),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST_F(SqliteWithFaults, ARemovalThatFailsIsToldAndTheLogIsStillThere) {
  const auto log = open_log("news");
  ASSERT_TRUE(append(*log, 1, "a"));
  store_->flush();
  vfs_.fail_writes(SQLITE_FULL);
  std::optional<Error> failure;
  store_->remove("news", [&failure](Result<void> done) {
    if (!done) failure = done.error();
  });
  store_->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), errc::disk_full);
  vfs_.fail_writes(SQLITE_OK);
  const auto again = store_->open("news", {}, IfMissing::none);
  ASSERT_TRUE(again);
  ASSERT_NE(*again, nullptr);
  EXPECT_EQ(texts(**again), (Texts{"a"}));
}

}  // namespace
}  // namespace naru::test
