#include "chat/service.hpp"

#include <exception>
#include <future>
#include <utility>

#include "naru/log.hpp"
#include "naru/offload.hpp"

namespace chat {
namespace {

constexpr int kTicksPerSweep = 40;  // every ten seconds
constexpr std::size_t kLastLineSearch = 50;

void set_up_channels(naru::Server& server) {
  naru::ChannelOptions history;
  history.durability = naru::Durability::power;
  history.max_messages = kHistoryOfRoom;
  server.channels(kChannelPrefix, history);
  naru::ChannelOptions people = history;
  people.max_messages = kMaxKnownPeople;
  server.channels(kPeopleChannel, people);
  naru::ChannelOptions rooms = history;
  rooms.max_messages = 2;  // each one is the whole list
  server.channels(kRoomsChannel, rooms);
}

// What was being uploaded when the server ended; only what the library has made.
void clear_uploads(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename().string().starts_with(".upload-")) {
      std::filesystem::remove(entry.path());
    }
  }
}

// The newest line that is no system line, if it is among the newest ones.
std::optional<LastLine> last_line_in(naru::Channel channel) {
  std::promise<naru::Result<naru::HistoryPage>> promise;
  auto answer = promise.get_future();
  naru::HistoryQuery newest;
  newest.limit = kLastLineSearch;
  channel.history(newest,
                  [&promise](naru::Result<naru::HistoryPage> page) { promise.set_value(std::move(page)); });
  const naru::Result<naru::HistoryPage> page = answer.get();
  if (!page) {
    naru::log(naru::Level::warning, "chat", channel.name() + " cannot be read: " + page.error().message());
    return std::nullopt;
  }
  for (auto message = page->messages.rbegin(); message != page->messages.rend(); ++message) {
    if (auto last = last_line_of(message->data)) return last;
  }
  return std::nullopt;
}

}  // namespace

Service::Service(naru::Server& on, const ChatOptions& options, const std::string& secret)
    : server(on),
      lobby(on.io().of("/lobby")),
      room(on.io().of("/room")),
      uploads(options.data / "uploads"),
      identities(secret),
      limits(options.messages_per_second),
      people(identities, on.channel(kPeopleChannel)),
      pictures(options.data / "pictures", {kPictureQuota, kAllPictures, kMaxPictures}),
      archive(on.channel(kRoomsChannel)),
      announcer(on, lobby, room),
      rooms(announcer),
      logs(on),
      talk(rooms, logs) {
  set_up_channels(on);
  clear_uploads(uploads);
  people.load();
  archive.load();
  restore_rooms();
}

void Service::restore_rooms() {
  for (RoomRecord& record : archive.rooms()) {
    logs.open(record.id);
    auto last = record.is_locked() ? std::nullopt : last_line_in(server.channel(kChannelPrefix + record.id));
    rooms.restore(std::move(record), std::move(last));
  }
  for (const std::string& room_id : archive.being_deleted()) {
    pictures.remove_room(room_id);
    logs.open(room_id);
    logs.remove(room_id, [this, room_id] { archive.forget(room_id); });
  }
}

naru::Task<> Service::delete_traces(std::string room_id) {
  auto work = [this, room_id] { pictures.remove_room(room_id); };
  bool is_done = true;
  try {
    auto deleting = naru::offload(work);
    co_await std::move(deleting);
  } catch (const std::exception& failure) {
    is_done = false;  // the next start tries again
    naru::log(naru::Level::warning, "chat", "pictures of " + room_id + " stay for now: " + failure.what());
  }
  logs.remove(room_id, [this, room_id, is_done] {
    if (is_done) archive.forget(room_id);
  });
}

void Service::tick() {
  for (auto& [room_id, person] : rooms.tick(now()))
    talk.note(room_id, system_line("leave", std::move(person)));
  if (++ticks_ % kTicksPerSweep == 0) limits.sweep(now());
}

}  // namespace chat
