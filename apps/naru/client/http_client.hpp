// Requests with libcurl, one at a time, on kept connections; a long one can be stopped.
//
//   HttpClient client(stop);
//   auto answer = client.perform({.url = url}, [](const HttpAnswer& head, std::string_view piece) { … return
//   true; }); if (answer.status == 0) complain(answer.failure);
//
// One thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "naru/client/stop.hpp"

namespace apps {

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::string> fields = {};  // "Name: value"
  std::string body = {};                 // of a POST
  // So long nothing may come: servers send a heartbeat every 15 s on streams.
  std::chrono::milliseconds silence{60'000};
};

struct HttpAnswer {
  int status = 0;                                  // 0: none came
  std::map<std::string, std::string> fields = {};  // by lower-case name; the last one of equal names
  std::string failure = {};                        // a sentence when the connection failed or broke
};

class HttpClient {
 public:
  // The body comes in pieces, with the head before it; false: enough of it.
  using OnBody = std::function<bool(const HttpAnswer& head, std::string_view piece)>;

  explicit HttpClient(const Stop& stop);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  // Ends with the answer, when `stop` is asked for, or when nothing came for too long.
  HttpAnswer perform(const HttpRequest& request, const OnBody& on_body);

 private:
  struct Transfer;
  void run(Transfer& transfer, std::chrono::milliseconds silence);

  const Stop& stop_;
  std::unique_ptr<void, int (*)(void*)> multi_;
  std::unique_ptr<void, void (*)(void*)> easy_;
};

}  // namespace apps
