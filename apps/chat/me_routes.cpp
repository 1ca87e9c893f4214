#include "chat/me_routes.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chat/failure.hpp"
#include "chat/json_object.hpp"
#include "chat/text.hpp"
#include "chat/visitor_cookie.hpp"
#include "naru/log.hpp"

namespace chat {
namespace {

constexpr std::size_t kMaxBody = 4096;  // a nickname, with every character escaped

naru::RawJson limits_object() {
  return json_object([](naru::ArgumentWriter& out) {
    out.member("title", kMaxTitle);
    out.member("text", kMaxText);
    out.member("nickname", kMaxNickname);
    out.member("capacity", kMaxCapacity);
    out.member("picture", kMaxPicture);
  });
}

void tell_who(const std::shared_ptr<Service>& service, const naru::Request& request,
              naru::Response response) {
  const std::string session = session_or_new(request, response, service->identities);
  response.header("Cache-Control", "no-store");
  response.json(json_object([&](naru::ArgumentWriter& out) {
    out.member("me", service->people.person_of(session));
    out.member("limits", limits_object());
  }));
}

// The line stands in every room before the answer.
naru::Task<> tell_rooms(std::shared_ptr<Service> service, std::string was, Person now) {
  std::vector<naru::Later<Stored>> lines;
  for (const std::string& room : service->rooms.rename(now)) {
    Message line = system_line("rename", now);
    line.was = was;
    lines.push_back(service->talk.say(room, line));
  }
  service->announcer.tell_me(now);
  for (naru::Later<Stored>& line : lines) {
    const naru::Result<Stored> stored = co_await std::move(line);
    if (!stored) naru::log(naru::Level::warning, "chat", "a line \"rename\": " + stored.error().message());
  }
}

naru::Task<> rename(std::shared_ptr<Service> service, naru::Request request, naru::Response response) {
  const auto session = session_of(request, service->identities);
  if (!session) co_return response.status(401).json(no_session());
  const auto nickname = clean_line(request.json().get<std::string>("nickname").value_or(""), kMaxNickname);
  if (!nickname) {
    co_return response.status(400).json(bad_request("nickname: 1 to 24 characters, no control characters"));
  }
  const Person before = service->people.person_of(*session);
  if (before.nickname != *nickname) {
    if (auto wait = service->limits.take(Rate::nicknames, *session, Service::now())) {
      co_return response.status(429).json(slow_down(*wait));
    }
    auto storing = service->people.rename(*session, *nickname);
    const bool is_stored = co_await std::move(storing);
    if (!is_stored) co_return response.status(503).json(try_again());
    auto telling = tell_rooms(service, before.nickname, service->people.person_of(*session));
    co_await std::move(telling);
  }
  response.json(
      json_object([&](naru::ArgumentWriter& out) { out.member("me", service->people.person_of(*session)); }));
}

}  // namespace

void serve_me(const std::shared_ptr<Service>& service) {
  service->server.get("/api/me", [service](naru::Request request, naru::Response response) {
    tell_who(service, request, std::move(response));
  });
  naru::RouteOptions small;
  small.max_body = kMaxBody;
  service->server.route("PUT", "/api/me", std::move(small),
                        [service](naru::Request request, naru::Response response) -> naru::Task<> {
                          return rename(service, std::move(request), std::move(response));
                        });
}

}  // namespace chat
