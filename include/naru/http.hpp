// HTTP routes of your own, on the same port.
//
//   server.get("/rooms/:room", [](naru::Request request, naru::Response response) {
//     response.json(find(request.param("room")));
//   });
//
// A Request owns its bytes: keep it, move it to a thread. A Response is answered once, now or later, from any
// thread; one that is dropped unanswered answers 500. Handlers run on the loop that read the request and must
// not block it: use offload().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "naru/bytes.hpp"
#include "naru/codec.hpp"
#include "naru/function.hpp"
#include "naru/task.hpp"
#include "naru/value.hpp"

namespace naru {
namespace app {
struct RequestRecord;
struct ResponseRecord;
}  // namespace app
inline namespace v0 {

// A body that was written to a file as it came. The file is removed with the Request unless it is kept.
struct UploadedFile {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string head;  // the first bytes (at most 64), to tell the type by content
};

class Request {
 public:
  explicit Request(std::unique_ptr<app::RequestRecord> record);
  Request(Request&&) noexcept;
  Request& operator=(Request&&) noexcept;
  ~Request();

  std::string_view method() const;
  std::string_view path() const;    // not decoded, without query
  std::string_view target() const;  // with query
  // A named part of the route's pattern, decoded; empty when the pattern has no such name.
  std::string_view param(std::string_view name) const;
  std::optional<std::string> query(std::string_view name) const;
  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::string> cookie(std::string_view name) const;
  std::string_view body() const;
  Value json() const;  // null when the body is no JSON
  // For routes with RouteOptions::upload_directory.
  const UploadedFile* upload() const;
  // Moves the uploaded file to its place; false (and a log line) when that fails.
  bool keep_upload(const std::filesystem::path& destination);

  std::string_view address() const;  // of the client; behind a trusted proxy the one that it names
  bool secure() const;

  const app::RequestRecord& record() const { return *record_; }

 private:
  std::unique_ptr<app::RequestRecord> record_;
};

struct CookieOptions {
  std::string path = "/";
  std::optional<std::chrono::seconds> max_age = {};  // none: until the browser ends
  bool http_only = true;
  bool secure = false;
  enum class SameSite { lax, strict, none };
  SameSite same_site = SameSite::lax;
};

class Response {
 public:
  explicit Response(std::unique_ptr<app::ResponseRecord> record);
  Response(Response&&) noexcept;
  Response& operator=(Response&&) noexcept;
  ~Response();

  Response& status(int code);
  // Adds a field. A name or value that would break the head (CR, LF, NUL) is refused: logged and left out.
  Response& header(std::string_view name, std::string_view value);
  Response& cookie(std::string_view name, std::string_view value, const CookieOptions& options = {});

  // Answers and ends. Each may be called once; the first one counts.
  void end(std::string_view body = {});
  void send(Bytes body, std::string_view content_type = "application/octet-stream");
  template <class T>
  void json(const T& value) {
    std::string text;
    std::vector<Bytes> none;
    ArgumentWriter writer(text, none);
    encode_arguments(writer, value);
    end_json(std::move(text));
  }
  void redirect(std::string_view location, int code = 303);

  // A streamed answer: start(), any number of write(), then end(). write() tells how many bytes wait for the
  // reader (0 on other threads than its loop's); one that leaves more than ServerOptions::max_queued lying is
  // cut off. on_close runs on the loop, once, when the reader has gone before the end.
  Response& start(std::optional<std::uint64_t> length = {});
  std::size_t write(std::string_view bytes);
  Response& on_close(Function<void()> handler);

  bool answered() const;
  app::ResponseRecord& record() { return *record_; }

 private:
  void end_json(std::string text);
  std::unique_ptr<app::ResponseRecord> record_;
};

struct RouteOptions {
  std::size_t max_body = 1'000'000;  // more: 413
  // Where bodies are written as they come, instead of into memory. The folder must exist.
  std::filesystem::path upload_directory = {};
  // State-changing methods from a page of another origin are refused (403) unless it is listed here.
  std::vector<std::string> allowed_origins = {};
  bool check_origin = true;
};

// A route's callable, one of the two.
struct RouteHandler {
  Function<void(Request, Response)> plain;
  Function<Task<>(Request, Response)> task;
};

template <class Handler>
RouteHandler make_route_handler(Handler&& handler) {
  using Returned = std::invoke_result_t<std::decay_t<Handler>&, Request, Response>;
  if constexpr (std::is_same_v<Returned, Task<>>) {
    return {{}, std::forward<Handler>(handler)};
  } else {
    static_assert(std::is_void_v<Returned>, "a route handler returns nothing or naru::Task<>");
    return {std::forward<Handler>(handler), {}};
  }
}

}  // namespace v0
}  // namespace naru
