#include "serve/engine_answer.hpp"

#include "http/cookies.hpp"
#include "serve/http_connection.hpp"

namespace naru::serve {

EngineAnswer::EngineAnswer(HttpConnection& connection, http::Exchange& exchange,
                           const EngineSettings& settings)
    : connection_(connection), exchange_(exchange), settings_(settings) {
  add_cors(fields_, settings.cors, exchange.head().find("origin").value_or(""));
}

http::ResponseHead EngineAnswer::head(int status, std::initializer_list<Field> own) const {
  http::ResponseHead head{status};
  head.fields = fields_;
  for (const auto& [name, value] : own) {
    if (!fields_.empty()) head.fields.remove(name);
    head.add(name, value);
  }
  return head;
}

http::ResponseHead EngineAnswer::good_head(int status, std::string_view sid,
                                           std::initializer_list<Field> own) const {
  http::ResponseHead good = head(status, own);
  if (handshake_ == engineio::Transport::polling && settings_.cookie) {
    http::SetCookie cookie = *settings_.cookie;
    cookie.value = sid;
    good.add("Set-Cookie", http::to_text(cookie));
  }
  if (!settings_.hooks->wanted().headers) return good;
  const SharedEngineRequest request = describe(handshake_ ? std::string_view() : sid);
  request->answer = std::move(good.fields);
  settings_.hooks->write_headers(request);
  good.fields = std::move(request->answer);
  return good;
}

SharedEngineRequest EngineAnswer::describe(std::string_view sid) const {
  auto request = std::make_shared<EngineRequestRecord>();
  request->request = connection_.copy_handshake(exchange_);
  request->sid = sid;
  request->is_upgrade = exchange_.head().wants_upgrade("websocket");
  return request;
}

}  // namespace naru::serve
