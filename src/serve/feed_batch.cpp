#include "serve/feed_batch.hpp"

#include <algorithm>
#include <utility>

#include "http/content_type.hpp"
#include "hub/channels.hpp"
#include "serve/feed_publish.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {
namespace {

// A publish object is longer than its data: base64, escapes, headers.
constexpr std::size_t kBesideData = channel::kMaxHeadersSize + 8192;

}  // namespace

bool is_batch(const http::RequestHead& head) {
  return http::is_media_type(head.find("content-type").value_or(""), "application/x-ndjson");
}

FeedBatch::FeedBatch(FeedAnswer answer, FeedEntry entry)
    : answer_(std::move(answer)),
      entry_(std::move(entry)),
      splitter_(2 * entry_.settings->max_message + kBesideData),
      homing_(*this, answer_.server()) {}

FeedBatch::~FeedBatch() {
  if (scope_) scope_->cancel(errc::disconnected);
}

void FeedBatch::start() {
  if (auto refusal = refuse_large(answer_.exchange().head(), max_bytes())) return refuse(std::move(*refusal));
  answer_.exchange().set_body_limit(kOwnLimit);
  answer_.exchange().set_events(this);
}

void FeedBatch::on_body(std::string_view piece) {
  if (answer_.is_over()) return;
  bytes_ += piece.size();
  if (bytes_ > max_bytes()) {
    return refuse({413, "a batch has at most " + std::to_string(max_bytes()) + " bytes"});
  }
  splitter_.feed(piece, [this](std::string_view text, bool is_too_long) { take_line(text, is_too_long); });
}

void FeedBatch::take_line(std::string_view text, bool is_too_long) {
  has_too_many_ = lines_.size() >= entry_.settings->max_batch;
  if (has_too_many_) return;
  Line& line = lines_.emplace_back();
  const std::string fault = is_too_long ? "the line is too long" : parse(text, line);
  if (!fault.empty()) line.result = error_text(fault);
}

// A sentence, or nothing.
std::string FeedBatch::parse(std::string_view text, Line& line) const {
  channel::PublishLine& parsed = line.parsed;
  if (auto fault = channel::parse_publish(text, parsed)) return *fault;
  if (parsed.message.data.size() > entry_.settings->max_message)
    return "a message has at most " + std::to_string(entry_.settings->max_message) + " bytes";
  if (auto fault = channel::find_fault(parsed.message)) return std::string(*fault);
  const FeedRequest& request = entry_.request;
  if (request.names_several) {
    if (parsed.channel.empty()) return "say which channel";
  } else if (parsed.channel.empty()) {
    parsed.channel = request.channels.front();
  } else if (parsed.channel != request.channels.front()) {
    return "this address publishes to one channel, and the line names another";
  }
  parsed.channel = entry_.settings->prefix + parsed.channel;
  return {};
}

void FeedBatch::on_body_end() {
  if (answer_.is_over()) return;
  splitter_.finish([this](std::string_view text, bool is_too_long) { take_line(text, is_too_long); });
  if (has_too_many_) {
    return refuse({413, "a batch has at most " + std::to_string(entry_.settings->max_batch) + " messages"});
  }
  if (refuse_expired(answer_, entry_.verdict)) return leave();
  if (refuse_rate(answer_, *entry_.settings, lines_.size())) return leave();
  if (entry_.request.names_several) return ask_gate();
  publish();
}

// What the lines name is known only now. All or nothing: a batch that is half refused helps nobody.
void FeedBatch::ask_gate() {
  FeedQuestion question{.parts = {}, .request = entry_.handshake};
  std::vector<std::string> names;
  for (const Line& line : lines_) {
    if (line.result.empty()) names.push_back(line.parsed.channel);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (std::string& name : names)
    question.parts.push_back({FeedAction::publish, std::move(name)});
  scope_ = std::make_shared<CancelScope>();
  entry_.settings->hooks->authorize(entry_.feed, std::move(question), scope_,
                                    Decision(homing_.to<Verdict>(&FeedBatch::decided)));
}

void FeedBatch::decided(Verdict verdict) {
  if (answer_.is_over()) return;
  scope_.reset();
  if (verdict.is_allowed()) return publish();
  answer_.deny(verdict);
  leave();
}

void FeedBatch::publish() {
  hub::Channels& channels = answer_.server().channels().all();
  const auto stored = homing_.to<Stored>(&FeedBatch::on_stored);
  for (const Line& line : lines_)
    waiting_ += line.result.empty() ? 1 : 0;
  ++waiting_;  // this loop: answers may come during it
  for (std::size_t index = 0; index < lines_.size(); ++index) {
    if (!lines_[index].result.empty()) continue;
    channel::PublishLine line = std::move(lines_[index].parsed);
    channels.publish(line.channel, std::move(line.message), line.idempotency_key,
                     [stored, index](Result<store::Published> published) {
                       stored(Stored{index, std::move(published)});
                     });
  }
  --waiting_;
  answer_when_done();
}

void FeedBatch::on_stored(Stored stored) {
  Line& line = lines_[stored.line];
  line.result = stored.published ? published_text(*stored.published)
                                 : error_text(refusal_of(stored.published.error()).sentence);
  --waiting_;
  answer_when_done();
}

void FeedBatch::answer_when_done() {
  if (waiting_ > 0 || answer_.is_over()) return;
  std::string text = R"({"results":[)";
  for (const Line& line : lines_) {
    if (text.back() != '[') text += ',';
    text += line.result;
  }
  answer_.respond_json(200, text += "]}");
  leave();
}

void FeedBatch::refuse(FeedRefusal refusal) {
  answer_.refuse(refusal);
  leave();
}

void FeedBatch::on_abort() {
  answer_.end();
  leave();
}

// What was given to the store is answered by it; a gate that has not answered is not waited for.
void FeedBatch::on_server_stop() {
  if (answer_.is_over() || scope_ == nullptr) return;
  answer_.refuse_for_now("the server stops");
  leave();
}

void FeedBatch::leave() {
  homing_.let_go();
  if (const auto scope = std::exchange(scope_, nullptr)) scope->cancel(errc::disconnected);
  answer_.connection().dismiss(*this);
}

}  // namespace naru::serve
