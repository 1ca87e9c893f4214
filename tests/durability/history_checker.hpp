// Is this history what the senders were promised?
//
//   HistoryChecker checker;
//   checker.sent("alice", 1);
//   checker.acknowledged("alice", 1);
//   for (const std::string& fault : checker.check(history)) report(fault);
//
// Promised: an acknowledged message is there exactly once; one that was not, at most once; each sender's
// messages stand in the order of their numbers; nothing is there that nobody sent. Senders number from
// anywhere upwards. Not thread-safe.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace naru::test {

struct Line {
  std::string sender;
  std::uint64_t number = 0;

  friend bool operator==(const Line&, const Line&) = default;
  friend bool operator<(const Line& one, const Line& two) {
    return std::tie(one.sender, one.number) < std::tie(two.sender, two.number);
  }
};

class HistoryChecker {
 public:
  void sent(std::string_view sender, std::uint64_t number) { sent_.insert({std::string(sender), number}); }
  void acknowledged(std::string_view sender, std::uint64_t number) {
    acknowledged_.insert({std::string(sender), number});
  }
  std::size_t sent_count() const { return sent_.size(); }
  std::size_t acknowledged_count() const { return acknowledged_.size(); }

  // Sentences about what is wrong; empty when all is well.
  std::vector<std::string> check(std::span<const Line> history) const {
    std::vector<std::string> faults;
    std::set<Line> seen;
    std::map<std::string, std::uint64_t> newest;
    for (const Line& line : history) {
      if (!sent_.contains(line)) faults.push_back(name(line) + " was never sent");
      if (!seen.insert(line).second) {
        faults.push_back(name(line) + " is there more than once");
        continue;
      }
      std::uint64_t& last = newest[line.sender];
      if (line.number < last) faults.push_back(name(line) + " stands behind " + name({line.sender, last}));
      last = std::max(last, line.number);
    }
    for (const Line& line : acknowledged_) {
      if (!sent_.contains(line)) faults.push_back(name(line) + " was acknowledged but never sent");
      if (!seen.contains(line)) faults.push_back(name(line) + " was acknowledged and is lost");
    }
    return faults;
  }

  // Lines `sent SENDER NUMBER` and `acked SENDER NUMBER`, as senders write them before and after; a last line
  // without its end is left out, because its writer was killed. Returns a fault, or nothing.
  std::string read_journal(std::istream& in) {
    return for_each_line(in, [this](const std::string& text) {
      std::istringstream words(text);
      std::string what;
      Line line;
      std::string more;
      if (!(words >> what >> line.sender >> line.number) || words >> more) return false;
      if (what == "sent") {
        sent_.insert(line);
      } else if (what == "acked") {
        acknowledged_.insert(line);
      } else {
        return false;
      }
      return true;
    });
  }

  // Lines `SENDER NUMBER` in the history's order.
  static std::string read_history(std::istream& in, std::vector<Line>& history) {
    return for_each_line(in, [&history](const std::string& text) {
      std::istringstream words(text);
      Line line;
      std::string more;
      if (!(words >> line.sender >> line.number) || words >> more) return false;
      history.push_back(line);
      return true;
    });
  }

 private:
  template <class Read>
  static std::string for_each_line(std::istream& in, Read read) {
    std::string text;
    for (std::size_t number = 1; std::getline(in, text); ++number) {
      if (in.eof()) break;
      if (!text.empty() && !read(text)) return "line " + std::to_string(number) + " cannot be read: " + text;
    }
    return {};
  }
  static std::string name(const Line& line) { return line.sender + " " + std::to_string(line.number); }

  std::set<Line> sent_;
  std::set<Line> acknowledged_;
};

}  // namespace naru::test
