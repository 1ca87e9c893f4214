// The Exchange of one HTTP/1.1 request. Lives in its session, which reads the body for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/body_reader.hpp"
#include "http/exchange.hpp"
#include "http/http1_limits.hpp"

namespace naru::http {

class Http1Session;

class Http1Exchange final : public Exchange {
 public:
  Http1Exchange(Http1Session& session, RequestHead head, const BodyLimits& limits);

  const RequestHead& head() const override { return head_; }
  RequestHead take_head() override { return std::move(head_); }
  void set_body_limit(std::uint64_t bytes) override { reader_.set_limit(bytes); }
  void set_events(ExchangeEvents* events) override;
  void pause_body() override { is_paused_ = true; }
  void resume_body() override;
  bool body_was_too_large() const override { return reader_.is_too_large(); }
  using Exchange::respond;
  void respond(ResponseHead head, const base::Slice& body) override;
  void start(ResponseHead head, std::optional<std::uint64_t> length) override;
  base::WriteStatus write(const base::Slice& piece) override;
  void finish() override;
  void abort() override;
  void set_send_timeout(base::Duration patience) override;
  std::size_t buffered() const override;
  std::unique_ptr<base::ByteStream> upgrade(ResponseHead head) override;
  std::string peer_address() const override;
  bool is_secure() const override;
  bool is_done() const override { return is_done_; }

  // For the session.
  BodyReader& reader() noexcept { return reader_; }
  // The next bytes of the body may be read: somebody takes them, or they are thrown away after the answer.
  bool takes_body() const noexcept { return is_done_ || (events_ != nullptr && !is_paused_); }
  // Reads one step of the body and tells about it. Returns the bytes consumed.
  std::size_t feed(std::string_view bytes, base::TimePoint now);
  // Tells about the body's end, once.
  void tell_end();
  void tell_writable();
  // The time that the body has, while it is read; base::kNever: it is whole or not wanted.
  base::TimePoint body_deadline(const Http1Limits& limits) const;
  bool has_started() const noexcept { return has_started_; }
  bool keeps_alive() const noexcept { return keep_alive_; }
  void close_after() noexcept { keep_alive_ = false; }
  // The exchange is over without an answer of its own.
  void abandon();

 private:
  void ask_for_body();
  HeadContext begin_answer(const ResponseHead& head);
  void consider_unread_body();
  void write_head(const ResponseHead& head, const HeadContext& context, const base::Slice& body);
  std::size_t allowed(std::size_t size) const noexcept;

  Http1Session& session_;
  RequestHead head_;
  BodyReader reader_;
  ExchangeEvents* events_ = nullptr;
  base::TimePoint body_since_ = base::kNever;  // when the body was first or again waited for
  base::TimePoint body_last_ = base::kNever;   // when its last bytes came
  std::uint64_t body_counted_ = 0;             // received before body_since_
  std::uint64_t to_send_ = 0;                  // of a promised length
  Framing framing_ = Framing::none;
  const std::uint8_t minor_version_;  // the head may be given away before the answer
  const bool is_head_;
  bool keep_alive_;
  bool awaits_continue_;  // the client holds its body back until we say 100
  bool is_paused_ = false;
  bool end_told_ = false;
  bool has_started_ = false;
  bool owes_writable_ = false;
  bool is_done_ = false;
};

}  // namespace naru::http
