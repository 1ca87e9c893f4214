// One answer that never ends: NDJSON, or SSE.
#pragma once

#include <functional>

#include "naru/client/channel_reader.hpp"
#include "naru/client/http_client.hpp"

namespace apps {

class StreamReader : public ChannelReader {
 public:
  Ending read(const std::string& since, ReaderEvents& events) override;

 protected:
  // Takes the pieces of one answer, in order.
  using Take = std::function<bool(std::string_view piece)>;
  // How the parsing ended, when it did.
  struct Outcome {
    Ending::Kind kind = Ending::Kind::again;
    std::string sentence = {};
  };

  StreamReader(ChannelAddress address, std::string media_type, const Stop& stop)
      : address_(std::move(address)), media_type_(std::move(media_type)), stop_(stop), client_(stop) {}

  // A parser for a new answer; false from it ends the answer, `outcome` then says why.
  virtual Take parser(ReaderEvents& events, Outcome& outcome) const = 0;

 private:
  const ChannelAddress address_;
  const std::string media_type_;
  const Stop& stop_;
  HttpClient client_;
};

class NdjsonReader final : public StreamReader {
 public:
  NdjsonReader(ChannelAddress address, const Stop& stop)
      : StreamReader(std::move(address), "application/x-ndjson", stop) {}

 private:
  Take parser(ReaderEvents& events, Outcome& outcome) const override;
};

class SseReader final : public StreamReader {
 public:
  SseReader(ChannelAddress address, const Stop& stop)
      : StreamReader(std::move(address), "text/event-stream", stop) {}

 private:
  Take parser(ReaderEvents& events, Outcome& outcome) const override;
};

}  // namespace apps
