#include "naru/handshake.hpp"

#include <ctime>
#include <map>

#include "http/cookies.hpp"
#include "http/query.hpp"
#include "serve/application.hpp"

namespace naru {
inline namespace v0 {

Handshake::Handshake(std::shared_ptr<const serve::HandshakeRequest> request, Value auth_value)
    : auth(std::move(auth_value)), request_(std::move(request)) {}

std::optional<std::string_view> Handshake::header(std::string_view name) const {
  return request_->head.find(name);
}

std::vector<std::pair<std::string, std::string>> Handshake::headers() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& field : request_->head.fields()) {
    std::string name(field.name);
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    all.emplace_back(std::move(name), std::string(field.value));
  }
  return all;
}

std::optional<std::string> Handshake::query(std::string_view name) const {
  return http::Query(request_->head.query()).get(name);
}

std::vector<std::pair<std::string, std::string>> Handshake::queries() const {
  return http::Query(request_->head.query()).all();
}

std::optional<std::string> Handshake::cookie(std::string_view name) const {
  return http::find_cookie(request_->head, name);
}

std::string_view Handshake::param(std::string_view name) const {
  for (const auto& [key, value] : request_->params) {
    if (key == name) return value;
  }
  return {};
}

std::string_view Handshake::url() const {
  return request_->head.target();
}
std::string_view Handshake::address() const {
  return request_->address;
}
bool Handshake::secure() const {
  return request_->secure;
}
bool Handshake::cross_domain() const {
  return request_->head.find("origin").has_value();
}
std::chrono::system_clock::time_point Handshake::issued() const {
  return request_->issued;
}

// As JavaScript's Date prints itself, in UTC.
std::string Handshake::time() const {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(request_->issued);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t size =
      std::strftime(text, sizeof text, "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)", &parts);
  return std::string(text, size);
}

void Codec<Handshake>::encode(ArgumentWriter& out, const Handshake& handshake) {
  std::map<std::string, std::string> headers;
  for (auto& [name, value] : handshake.headers()) {
    auto [at, is_new] = headers.try_emplace(std::move(name), value);
    if (!is_new) at->second += (at->first == "cookie" ? "; " : ", ") + value;
  }
  std::map<std::string, std::string> query;
  for (auto& [name, value] : handshake.queries())
    query.insert_or_assign(std::move(name), std::move(value));
  const auto issued =
      std::chrono::duration_cast<std::chrono::milliseconds>(handshake.issued().time_since_epoch());
  out.begin_object();
  out.member("headers", headers);
  out.member("time", handshake.time());
  out.member("address", handshake.address());
  out.member("xdomain", handshake.cross_domain());
  out.member("secure", handshake.secure());
  out.member("issued", issued.count());
  out.member("url", handshake.url());
  out.member("query", query);
  out.member("auth", handshake.auth);
  out.end_object();
}

}  // namespace v0
}  // namespace naru
