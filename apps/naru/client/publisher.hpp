// Publishes over HTTP, once: what was not answered is tried again with the same idempotency key.
//
//   Publisher publisher(address, {.patience = 30s}, stop);
//   Answer answer = publisher.publish(publication);
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "naru/client/address.hpp"
#include "naru/client/http_client.hpp"
#include "naru/client/publication.hpp"

namespace apps {

struct PublisherOptions {
  std::chrono::milliseconds patience{30'000};                 // so long it is tried again
  std::function<void(const std::string& sentence)> say = {};  // for people
  // Between two tries; true: stop was asked for. None: Stop::wait().
  std::function<bool(std::chrono::milliseconds)> wait = {};
};

// The server's answer; `json` is empty and `sentence` says why when there is none.
struct PublishAnswer {
  std::string json = {};
  std::string sentence = {};
  bool is_refused = false;  // it was answered, with no
};

class Publisher {
 public:
  Publisher(ChannelAddress address, PublisherOptions options, const Stop& stop);

  PublishAnswer publish(const Publication& publication);
  // In one request; the answer is {"results":[…]}. At most 1000.
  PublishAnswer publish_all(const std::vector<Publication>& publications);

 private:
  PublishAnswer post(const HttpRequest& request);

  const ChannelAddress address_;
  const PublisherOptions options_;
  const Stop& stop_;
  HttpClient client_;
};

}  // namespace apps
