// Pages: polling, where an unchanged channel costs a 304; and long polling, where the server waits with its
// answer.
#pragma once

#include "naru/client/channel_reader.hpp"
#include "naru/client/http_client.hpp"

namespace apps {

class PageReader : public ChannelReader {
 public:
  Ending read(const std::string& since, ReaderEvents& events) override;

 protected:
  PageReader(ChannelAddress address, const Stop& stop)
      : address_(std::move(address)), stop_(stop), client_(stop) {}

  // What stands behind "?since=POS" of the query.
  virtual std::string query() const { return {}; }
  // How long the server may be silent.
  virtual std::chrono::milliseconds silence() const = 0;
  // After a page that had nothing behind it. True: stop was asked for.
  virtual bool pause() = 0;

  const Stop& stop() const { return stop_; }

 private:
  class Standing;
  HttpAnswer ask(const std::string& since, const std::string& tag, std::string& body);

  const ChannelAddress address_;
  const Stop& stop_;
  HttpClient client_;
};

class PollReader final : public PageReader {
 public:
  PollReader(ChannelAddress address, std::chrono::milliseconds interval, const Stop& stop)
      : PageReader(std::move(address), stop), interval_(interval) {}

 private:
  std::chrono::milliseconds silence() const override { return std::chrono::seconds(30); }
  bool pause() override { return stop().wait(interval_); }

  const std::chrono::milliseconds interval_;
};

class LongPollReader final : public PageReader {
 public:
  // Proxies cut what is silent for longer than 30 to 60 s.
  static constexpr std::chrono::seconds kWait{25};

  LongPollReader(ChannelAddress address, const Stop& stop) : PageReader(std::move(address), stop) {}

 private:
  std::string query() const override { return "&wait=" + std::to_string(kWait.count()); }
  std::chrono::milliseconds silence() const override { return kWait + std::chrono::seconds(20); }
  bool pause() override { return stop().is_asked(); }
};

}  // namespace apps
