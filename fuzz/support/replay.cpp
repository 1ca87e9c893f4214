// Runs files through a fuzz target without libFuzzer, so that every compiler replays the seeds and old
// crashers:
//   regress_NAME FILE-OR-FOLDER...
// Fails when there was nothing to run.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  // An exact-size copy on the heap: a read past the end is seen by AddressSanitizer.
  const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    copy[i] = static_cast<std::uint8_t>(bytes[i]);
  LLVMFuzzerTestOneInput(copy.get(), bytes.size());
}

std::size_t run_all(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return run(path), 1;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (!entry.is_regular_file()) continue;
    run(entry.path());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::size_t count = 0;
  for (int i = 1; i < argument_count; ++i) {
    // regressions/ has no folder for a target that never failed.
    if (std::filesystem::exists(arguments[i])) count += run_all(arguments[i]);
  }
  std::printf("%zu inputs\n", count);
  return count == 0 ? 1 : 0;
}
