// The messages that a parser writes, kept for comparison.
//
//   MessageList messages;
//   parser->encode(packet, messages);
//   EXPECT_EQ(messages.only(), "2[\"say\"]");
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "naru/parser.hpp"

namespace naru::test {

struct MessageList final : MessageSink {
  struct Message {
    std::string bytes;
    bool is_binary = false;
    bool operator==(const Message&) const = default;
  };
  std::vector<Message> all;

  void text(std::initializer_list<std::string_view> pieces) override { all.push_back({joined(pieces)}); }
  void binary(std::initializer_list<std::string_view> pieces) override {
    all.push_back({joined(pieces), true});
  }
  const std::string& only() const {
    if (all.size() != 1) throw std::logic_error("not one message");
    return all[0].bytes;
  }

 private:
  static std::string joined(std::initializer_list<std::string_view> pieces) {
    std::string whole;
    for (std::string_view piece : pieces)
      whole += piece;
    return whole;
  }
};

}  // namespace naru::test
