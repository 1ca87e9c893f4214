#include "serve/feed_lines.hpp"

#include "channel/forms.hpp"
#include "channel/message_text.hpp"
#include "channel/notice.hpp"
#include "serve/feed_forms.hpp"

namespace naru::serve {
namespace {

class NdjsonWording final : public FeedWording {
 public:
  std::string_view content_type() const override { return "application/x-ndjson"; }
  std::string start(std::string_view position, const channel::Standing& standing,
                    std::chrono::milliseconds) const override {
    std::string line;
    channel::append_start_notice(line, position, standing);
    return line += '\n';
  }
  base::Frame message(const channel::Publication& publication) const override {
    return line_form(publication);
  }
  base::Frame message(const channel::Publication& publication, std::string_view channel,
                      std::string_view position) const override {
    return line_block(publication, {.channel = channel, .position = position});
  }
  std::string gap(std::string_view position, const channel::Standing& standing,
                  std::string_view channel) const override {
    std::string line;
    channel::append_gap_notice(line, position, standing, channel);
    return line += '\n';
  }
  std::string end(std::string_view position, std::string_view reason,
                  std::chrono::milliseconds) const override {
    std::string line;
    channel::append_end_notice(line, position, reason);
    return line += '\n';
  }
  std::string_view heartbeat() const override { return "\n"; }
};

// Whoever reads plain lines has asked for the data and nothing else: no notices, whatever happens.
class PlainWording final : public FeedWording {
 public:
  std::string_view content_type() const override { return "text/plain; charset=utf-8"; }
  std::string start(std::string_view, const channel::Standing&, std::chrono::milliseconds) const override {
    return {};
  }
  base::Frame message(const channel::Publication& publication) const override {
    return publication.forms.get(channel::Form::plain, [&] { return plain_line(publication); });
  }
  base::Frame message(const channel::Publication& publication, std::string_view,
                      std::string_view) const override {
    return plain_line(publication);
  }
  std::string gap(std::string_view, const channel::Standing&, std::string_view) const override { return {}; }
  std::string end(std::string_view, std::string_view, std::chrono::milliseconds) const override { return {}; }
  std::string_view heartbeat() const override { return "\n"; }

 private:
  static base::Frame plain_line(const channel::Publication& publication) {
    std::string line;
    channel::append_plain(line, publication);
    return base::Frame::copy(line += '\n');
  }
};

}  // namespace

const FeedWording& feed_ndjson() {
  static const NdjsonWording wording;
  return wording;
}

const FeedWording& feed_lines() {
  static const PlainWording wording;
  return wording;
}

}  // namespace naru::serve
