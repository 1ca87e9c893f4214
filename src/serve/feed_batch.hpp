// Publishing many messages by one POST: a publish object a line (docs/protocol/channels.md, "Publishing").
// Answered once all of them are stored, with what became of each, in their order.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "channel/line_splitter.hpp"
#include "channel/publish_line.hpp"
#include "naru/result.hpp"
#include "serve/feed_answer.hpp"
#include "serve/homing.hpp"
#include "store/durable_log.hpp"

namespace naru::serve {

bool is_batch(const http::RequestHead& head);

class FeedBatch final : public Visitor {
 public:
  // Bytes of a batch: so many messages of full size.
  static constexpr std::size_t kMessages = 4;

  FeedBatch(FeedAnswer answer, FeedEntry entry);
  ~FeedBatch() override;

  void start();
  void on_body(std::string_view piece) override;
  void on_body_end() override;
  void on_abort() override;
  void on_server_stop() override;

 private:
  struct Line {
    channel::PublishLine parsed{};  // its channel with the feed's prefix; until it is published
    std::string result{};           // JSON; empty: not known yet
  };
  struct Stored {
    std::size_t line;
    Result<store::Published> published;
  };
  std::size_t max_bytes() const { return kMessages * entry_.settings->max_message; }
  void take_line(std::string_view text, bool is_too_long);
  std::string parse(std::string_view text, Line& line) const;
  void ask_gate();
  void decided(Verdict verdict);
  void publish();
  void on_stored(Stored stored);
  void answer_when_done();
  void refuse(FeedRefusal refusal);
  void leave();

  FeedAnswer answer_;
  FeedEntry entry_;
  channel::LineSplitter splitter_;
  std::vector<Line> lines_;  // at most max_batch
  std::size_t bytes_ = 0;
  std::size_t waiting_ = 0;  // lines that are not stored yet
  bool has_too_many_ = false;
  FeedHooks::Scope scope_;  // while the gate is asked about what the lines name
  Homing<FeedBatch> homing_;
};

}  // namespace naru::serve
