#include "serve/feed_sse.hpp"

#include "channel/notice.hpp"
#include "serve/feed_forms.hpp"
#include "sse/event_writer.hpp"

namespace naru::serve {
namespace {

class SseWording final : public FeedWording {
 public:
  std::string_view content_type() const override { return "text/event-stream"; }
  // A client that was not recovered is told by a gap: the opening block is no event that a page could see.
  std::string start(std::string_view position, const channel::Standing& standing,
                    std::chrono::milliseconds retry) const override {
    std::string text;
    sse::append_opening(text, retry, position);
    if (!standing.recovered) text += gap(position, standing, {});
    return text;
  }
  base::Frame message(const channel::Publication& publication) const override {
    return sse_form(publication);
  }
  base::Frame message(const channel::Publication& publication, std::string_view channel,
                      std::string_view position) const override {
    return sse_block(publication, {.channel = channel, .position = position});
  }
  std::string gap(std::string_view position, const channel::Standing& standing,
                  std::string_view channel) const override {
    std::string notice;
    channel::append_gap_notice(notice, position, standing, channel);
    return block(position, "gap", notice);
  }
  std::string end(std::string_view position, std::string_view reason,
                  std::chrono::milliseconds retry) const override {
    std::string notice;
    channel::append_end_notice(notice, position, reason);
    std::string text;
    sse::append_opening(text, retry, position);
    return text += block(position, "end", notice);
  }
  std::string_view heartbeat() const override { return ":\n\n"; }

 private:
  static std::string block(std::string_view id, std::string_view event, std::string_view data) {
    std::string text;
    sse::append_event(text, {.id = id, .event = event, .data = data});
    return text;
  }
};

}  // namespace

const FeedWording& feed_sse() {
  static const SseWording wording;
  return wording;
}

}  // namespace naru::serve
