// check_history HISTORY JOURNAL...: is what the history says what the senders were promised?
//
// Each journal has lines `sent SENDER NUMBER`, written before a message is sent, and `acked SENDER NUMBER`,
// written after it was acknowledged. The history has lines `SENDER NUMBER` in its order. Exit code: 0 when
// all is well, 1 with one sentence per fault, 2 when a file cannot be read.
#include <cstdio>
#include <fstream>

#include "durability/history_checker.hpp"

namespace {

int refuse(const std::string& path, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), why.c_str());
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: check_history HISTORY JOURNAL...\n");
    return 2;
  }
  const std::string path = arguments[1];
  std::ifstream file(path);
  if (!file) return refuse(path, "cannot be opened");
  std::vector<naru::test::Line> history;
  if (const auto fault = naru::test::HistoryChecker::read_history(file, history); !fault.empty()) {
    return refuse(path, fault);
  }
  naru::test::HistoryChecker checker;
  for (int i = 2; i < count; ++i) {
    std::ifstream journal(arguments[i]);
    if (!journal) return refuse(arguments[i], "cannot be opened");
    if (const auto fault = checker.read_journal(journal); !fault.empty()) return refuse(arguments[i], fault);
  }
  const auto faults = checker.check(history);
  for (const auto& fault : faults)
    std::printf("%s\n", fault.c_str());
  std::printf("%zu sent, %zu acknowledged, %zu in the history, %zu faults\n", checker.sent_count(),
              checker.acknowledged_count(), history.size(), faults.size());
  return faults.empty() ? 0 : 1;
}
