#include "serve/gathered_page.hpp"

#include <utility>

#include "channel/page_text.hpp"

namespace naru::serve {
namespace {

// What a message costs beside its data, about: position, names of members, an event.
constexpr std::size_t kBesideData = 128;

std::size_t expected_size(const GatheredPage& page) {
  std::size_t size = kBesideData;
  for (const auto& item : page.items)
    size += kBesideData + item.message->message.data.size();
  return size;
}

}  // namespace

std::string text_of(const GatheredPage& page, std::span<const std::string> labels) {
  channel::PageText text(expected_size(page));
  channel::Positions standing = page.begin;
  for (const auto& [channel, message, told_at] : page.items) {
    if (labels.empty()) {
      text.add(*message);
      continue;
    }
    standing.set(channel, message->position);
    text.add(*message, {.channel = labels[channel], .position = standing.text()});
  }
  return std::move(text).finish(page.end.text(), page.more, page.start);
}

}  // namespace naru::serve
