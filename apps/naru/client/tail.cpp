#include "naru/client/tail.hpp"

#include <algorithm>
#include <utility>

namespace apps {

std::chrono::milliseconds Backoff::next() {
  std::uniform_int_distribution<std::int64_t> below(limit_.count() / 4, limit_.count());
  const std::chrono::milliseconds wait(below(random_));
  limit_ = std::min(limit_ * 2, kMost);
  return wait;
}

Tail::Tail(std::unique_ptr<ChannelReader> reader, TailOptions options, const Stop& stop)
    : reader_(std::move(reader)),
      options_(std::move(options)),
      stop_(stop),
      position_(options_.since),
      backoff_(std::random_device{}()) {}

Ending Tail::run() {
  std::string said;
  while (true) {
    was_heard_ = false;
    Ending ending = reader_->read(position_, *this);
    if (stop_.is_asked()) ending.kind = Ending::Kind::enough;
    if (ending.kind != Ending::Kind::again) return ending;
    if (was_heard_) backoff_.reset(), said.clear();
    // A server that cannot be reached is worth one line, not one for each try.
    if (!ending.sentence.empty() && ending.sentence != said) options_.say(ending.sentence + "; trying again");
    said = ending.sentence;
    const auto wait = std::max(backoff_.next(), ending.wait);
    if (options_.wait ? options_.wait(wait) : stop_.wait(wait)) return {.kind = Ending::Kind::enough};
  }
}

bool Tail::on_message(std::string_view json, std::string_view position) {
  if (!options_.print(json)) return false;
  stand_at(position);
  return options_.count == 0 || ++printed_ < options_.count;
}

void Tail::on_position(std::string_view position) {
  stand_at(position);
}

void Tail::on_gap(std::optional<std::uint64_t> missing) {
  options_.say(missing ? "gap: " + std::to_string(*missing) + " messages are lost"
                       : "gap: messages are lost");
}

void Tail::stand_at(std::string_view position) {
  was_heard_ = true;
  position_ = position;
  options_.remember(position_);
}

}  // namespace apps
