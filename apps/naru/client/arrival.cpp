#include "naru/client/arrival.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "naru/value.hpp"

namespace apps {
namespace {

constexpr std::int64_t kLongestWait = 300;  // seconds: nobody waits longer, whatever the server says

void tell_recovery(const naru::Value& value, ReaderEvents& events) {
  const bool is_lost = !value.get<bool>("recovered").value_or(true);
  if (is_lost) events.on_gap(value.get<std::uint64_t>("missing"));
  if (const auto position = value.get<std::string>("position")) events.on_position(*position);
}

Onward take_message(const naru::Argument& message, ReaderEvents& events) {
  const auto position = message.get<std::string>("position");
  if (!position) return Onward::broken;
  return events.on_message(message.text(), *position) ? Onward::more : Onward::enough;
}

bool is_worth_another_try(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

std::chrono::milliseconds wait_of(const HttpAnswer& answer) {
  const auto field = answer.fields.find("retry-after");
  std::int64_t seconds = 0;
  if (field != answer.fields.end()) {
    std::from_chars(field->second.data(), field->second.data() + field->second.size(), seconds);
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestWait));
}

}  // namespace

Onward take_object(std::string_view json, ReaderEvents& events) {
  const auto value = naru::Value::parse(json);
  if (!value) return Onward::broken;
  const auto notice = value->get<std::string>("notice");
  if (!notice) return take_message(value->argument(), events);
  tell_recovery(*value, events);
  return *notice == "end" ? Onward::ended : Onward::more;
}

Onward take_page(std::string_view json, ReaderEvents& events, bool& has_more) {
  const auto page = naru::Value::parse(json);
  const naru::Value messages = page ? page->find("messages") : naru::Value();
  const auto position = page ? page->get<std::string>("position") : std::nullopt;
  if (!messages.is_array() || !position) return Onward::broken;
  has_more = page->get<bool>("more").value_or(false);
  if (!page->get<bool>("recovered").value_or(true)) events.on_gap(page->get<std::uint64_t>("missing"));
  Onward onward = Onward::more;
  messages.argument().for_each_element([&onward, &events](const naru::Argument& message) {
    onward = take_message(message, events);
    return onward == Onward::more;
  });
  if (onward == Onward::more) events.on_position(*position);
  return onward;
}

void take_recovery(std::string_view json, ReaderEvents& events) {
  if (const auto value = naru::Value::parse(json)) tell_recovery(*value, events);
}

std::string error_in(std::string_view json) {
  const auto value = naru::Value::parse(json);
  return value ? value->get<std::string>("error").value_or("") : std::string();
}

Ending ending_of(const HttpAnswer& answer, std::string_view body) {
  Ending ending;
  ending.wait = wait_of(answer);
  ending.sentence = answer.failure;
  if (answer.status == 0 || !answer.failure.empty()) return ending;  // nobody knows what it would have said
  if (!is_worth_another_try(answer.status)) ending.kind = Ending::Kind::refused;
  const std::string error = error_in(body);
  ending.sentence = std::to_string(answer.status) + (error.empty() ? "" : ": " + error);
  return ending;
}

}  // namespace apps
