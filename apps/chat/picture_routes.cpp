#include "chat/picture_routes.hpp"

#include <charconv>
#include <exception>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "chat/failure.hpp"
#include "chat/json_object.hpp"
#include "chat/picture_type.hpp"
#include "chat/text.hpp"
#include "chat/visitor_cookie.hpp"
#include "naru/log.hpp"
#include "naru/offload.hpp"

namespace chat {
namespace {

// A little above the limit, so that whoever is just over it gets the answer of section 2 and not the
// library's.
constexpr std::size_t kMaxBody = kMaxPicture + std::size_t{64} * 1024;
constexpr int kMaxSide = 65'535;  // a hint for the layout; no picture format of these goes further

struct Refusal {
  int status;
  Failure failure;
};

// What was asked for, once it is allowed.
struct Upload {
  std::string room;
  std::string id;
  Person from;
  PictureType type{};
  std::uint64_t size = 0;
  std::optional<int> width = {};
  std::optional<int> height = {};
};

std::optional<int> side(const std::optional<std::string>& text) {
  int value = 0;
  if (!text) return std::nullopt;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), value);
  const bool is_good =
      failure == std::errc() && end == text->data() + text->size() && value > 0 && value <= kMaxSide;
  return is_good ? std::optional(value) : std::nullopt;
}

std::optional<Refusal> read_upload(Service& service, const naru::Request& request, Upload& upload) {
  const auto session = session_of(request, service.identities);
  if (!session) return Refusal{401, no_session()};
  upload.from = service.people.person_of(*session);
  upload.room = request.param("room");
  upload.id = request.query("id").value_or("");
  const Rooms::Membership membership = service.rooms.membership(upload.room, upload.from.id);
  if (membership == Rooms::Membership::no_room) return Refusal{404, no_room()};
  if (membership == Rooms::Membership::absent) {
    return Refusal{403, {"not_in_room", "enter the room before you send a picture"}};
  }
  if (!is_message_id(upload.id)) return Refusal{400, bad_request("id: 8 to 64 of A-Z, a-z, 0-9, _ and -")};
  upload.width = side(request.query("width"));
  upload.height = side(request.query("height"));
  const naru::UploadedFile* file = request.upload();
  if (file == nullptr) return Refusal{400, bad_request("the picture is missing")};
  upload.size = file->size;
  if (upload.size > kMaxPicture) return Refusal{413, {"too_large", "a picture has at most 5 MiB"}};
  const auto type = picture_type_of(file->head);
  if (!type) return Refusal{415, {"not_a_picture", "GIF, PNG, JPEG and WebP are taken"}};
  upload.type = *type;
  if (auto wait = service.limits.take(Rate::pictures, *session, Service::now()))
    return Refusal{429, slow_down(*wait)};
  return std::nullopt;
}

naru::Task<bool> keep(std::shared_ptr<Service> service, naru::Request& request, PicturePlace place) {
  auto work = [&] {
    const std::filesystem::path path = service->pictures.make_path(place);
    return !path.empty() && request.keep_upload(path) && service->pictures.sync(place);
  };
  try {
    auto keeping = naru::offload(work);
    co_return co_await std::move(keeping);
  } catch (const std::exception& failure) {
    naru::log(naru::Level::warning, "chat", std::string("a picture could not be kept: ") + failure.what());
    co_return false;
  }
}

naru::Task<> give_up(std::shared_ptr<Service> service, PicturePlace place) {
  auto work = [&] { service->pictures.give_up(place); };
  try {
    auto removing = naru::offload(work);
    co_await std::move(removing);
  } catch (const std::exception& failure) {
    naru::log(naru::Level::warning, "chat", "the picture " + place.name + " stays: " + failure.what());
  }
}

Message picture_line(const Upload& upload, const PicturePlace& place) {
  Message line{upload.id, "picture", upload.from, now_in_milliseconds()};
  line.url = "/pictures/" + place.name;
  line.type = upload.type.media;
  line.width = upload.width;
  line.height = upload.height;
  return line;
}

void answer_message(naru::Response& response, int status, const naru::RawJson& message) {
  response.status(status).json(
      json_object([&](naru::ArgumentWriter& out) { out.member("message", message); }));
}

// The same id again: what was stored the first time, and nothing new.
naru::Task<> answer_repeat(std::shared_ptr<Service> service, Upload upload, naru::Response response) {
  const std::shared_ptr<RoomLog> log = service->logs.find(upload.room);
  if (!log) co_return response.status(404).json(no_room());
  auto finding = log->find(upload.from.id, upload.id, kHistoryOfRoom);
  const std::optional<naru::RawJson> first = co_await std::move(finding);
  if (!first) co_return response.status(503).json(try_again());
  answer_message(response, 200, *first);
}

// Written to the disk, then published, then told to the room; only then answered.
naru::Task<> take_picture(std::shared_ptr<Service> service, naru::Request request, naru::Response response) {
  Upload upload;
  if (auto refusal = read_upload(*service, request, upload)) {
    co_return response.status(refusal->status).json(refusal->failure);
  }
  const auto place = service->pictures.reserve(upload.room, upload.from.id, upload.size, upload.type.ending);
  if (!place) {
    co_return response.status(429).json(Failure{"quota", "your pictures fill the place that one person has"});
  }
  auto keeping = keep(service, request, *place);
  bool is_good = co_await std::move(keeping);
  is_good = is_good && service->pictures.commit(*place);
  std::optional<Stored> stored;
  if (is_good) {
    auto publishing = service->talk.say(upload.room, picture_line(upload, *place));
    naru::Result<Stored> published = co_await std::move(publishing);
    if (published) stored = std::move(*published);
  }
  if (stored && !stored->repeated) co_return answer_message(response, 201, stored->message);
  auto removing = give_up(service, *place);
  co_await std::move(removing);
  if (!stored) co_return response.status(503).json(try_again());
  auto answering = answer_repeat(service, std::move(upload), std::move(response));
  co_await std::move(answering);
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

naru::Task<> show_picture(std::shared_ptr<Service> service, naru::Request request, naru::Response response) {
  const std::string name(request.param("name"));
  const auto path = service->pictures.find(name);
  const auto type = picture_type_by_name(name);
  if (!path || !type) co_return response.status(404).end("there is no such picture");
  response.header("X-Content-Type-Options", "nosniff");
  response.header("Content-Security-Policy", "default-src 'none'; sandbox");
  response.header("Cache-Control", "private, max-age=31536000, immutable");
  auto work = [&] { return read_file(*path); };
  auto reading = naru::offload(work);
  std::optional<std::string> bytes = co_await std::move(reading);
  if (!bytes) co_return response.status(404).end("there is no such picture");
  response.send(naru::Bytes(std::move(*bytes)), type->media);
}

}  // namespace

void serve_pictures(const std::shared_ptr<Service>& service) {
  naru::RouteOptions upload;
  upload.max_body = kMaxBody;
  upload.upload_directory = service->uploads;
  service->server.route("POST", "/api/rooms/:room/pictures", std::move(upload),
                        [service](naru::Request request, naru::Response response) -> naru::Task<> {
                          return take_picture(service, std::move(request), std::move(response));
                        });
  service->server.get("/pictures/:name",
                      [service](naru::Request request, naru::Response response) -> naru::Task<> {
                        return show_picture(service, std::move(request), std::move(response));
                      });
}

}  // namespace chat
