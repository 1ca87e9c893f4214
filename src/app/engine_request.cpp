#include "naru/engine_request.hpp"

#include "http/fields.hpp"
#include "naru/log.hpp"
#include "serve/engine_hooks.hpp"

namespace naru {
inline namespace v0 {
namespace {

// What frames an answer, or makes the upgrade.
bool is_ours(std::string_view name) {
  for (const std::string_view ours : {"connection", "content-length", "transfer-encoding", "upgrade"}) {
    if (http::equal_names(name, ours)) return true;
  }
  constexpr std::string_view kWebSocket = "sec-websocket-";
  return http::equal_names(name.substr(0, kWebSocket.size()), kWebSocket);
}

}  // namespace

bool ResponseHeaders::add(std::string_view name, std::string_view value) {
  if (!is_ours(name) && fields_->add(name, value)) return true;
  log(Level::error, "engineio",
      "a field of an answer was left out, it would break the answer: " + std::string(name));
  return false;
}

bool ResponseHeaders::set(std::string_view name, std::string_view value) {
  http::FieldList before = *fields_;
  fields_->remove(name);
  if (add(name, value)) return true;
  *fields_ = std::move(before);
  return false;
}

void ResponseHeaders::remove(std::string_view name) {
  fields_->remove(name);
}

std::optional<std::string> ResponseHeaders::get(std::string_view name) const {
  const auto value = fields_->find(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

EngineRequest::EngineRequest(std::shared_ptr<serve::EngineRequestRecord> record)
    : record_(std::move(record)), request_(record_->request) {}

std::string_view EngineRequest::method() const {
  return record_->request->head.method();
}
const std::string& EngineRequest::sid() const {
  return record_->sid;
}
bool EngineRequest::is_upgrade() const {
  return record_->is_upgrade;
}
ResponseHeaders EngineRequest::answer() {
  return ResponseHeaders(record_->answer);
}

}  // namespace v0
}  // namespace naru
