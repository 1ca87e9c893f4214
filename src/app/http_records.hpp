// What stands behind naru::Request and naru::Response.
#pragma once

#include <memory>
#include <optional>

#include "base/byte_chain.hpp"
#include "http/response_head.hpp"
#include "hub/loop_group.hpp"
#include "naru/http.hpp"
#include "serve/application.hpp"

namespace naru::app {

struct RequestRecord {
  explicit RequestRecord(serve::RouteRequest from);
  ~RequestRecord();  // removes an upload that was not kept
  RequestRecord(const RequestRecord&) = delete;
  RequestRecord& operator=(const RequestRecord&) = delete;

  serve::RouteRequest request;
  std::optional<UploadedFile> upload;
  bool is_upload_kept = false;
};

struct ResponseRecord {
  ResponseRecord(std::shared_ptr<const hub::LoopGroup> group, serve::AnswerName answer)
      : loops(std::move(group)), name(answer) {}
  ~ResponseRecord();  // answers 500 when nothing was said
  ResponseRecord(const ResponseRecord&) = delete;
  ResponseRecord& operator=(const ResponseRecord&) = delete;

  const std::shared_ptr<const hub::LoopGroup> loops;
  const serve::AnswerName name;
  http::ResponseHead head{200};
  bool is_started = false;
  bool is_answered = false;
};

// The whole answer, on whatever thread this is. The first one counts.
void respond(ResponseRecord& record, http::ResponseHead head, base::Slice body);

}  // namespace naru::app
