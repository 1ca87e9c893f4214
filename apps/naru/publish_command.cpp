#include "naru/publish_command.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "naru/argument.hpp"
#include "naru/client/connection_flags.hpp"
#include "naru/client/line_splitter.hpp"
#include "naru/client/publisher.hpp"
#include "naru/exit_codes.hpp"
#include "naru/value.hpp"

namespace apps {
namespace {

constexpr std::size_t kLinesPerRequest = 100;
constexpr std::size_t kBytesPerRequest = std::size_t{1} << 20;  // of lines; one longer line goes alone
constexpr std::size_t kLongestLine = std::size_t{16} << 20;     // the server says what it takes

struct Call {
  ChannelAddress address;
  std::optional<std::string> text;
  std::string file;
  Publication publication;
  std::vector<std::string> headers;
  double patience = 30;  // seconds
};

void say(const std::string& sentence) {
  std::cerr << "naru publish: " << sentence << std::endl;
}

[[noreturn]] void give_up(const PublishAnswer& answer) {
  say(answer.sentence);
  throw Exit{answer.is_refused ? kRefused : kFailed};
}

std::string contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void take_headers(Call& call) {
  for (const std::string& header : call.headers) {
    const std::size_t colon = header.find(':');
    if (colon == 0 || colon == std::string::npos) throw std::runtime_error("--header is NAME:VALUE");
    const std::size_t value = header.find_first_not_of(' ', colon + 1);
    call.publication.headers.emplace_back(header.substr(0, colon),
                                          value == std::string::npos ? "" : header.substr(value));
  }
}

void publish_one(Publisher& publisher, Publication publication) {
  if (publication.type.empty()) publication.type = guessed_type(publication.body);
  if (publication.idempotency_key.empty()) publication.idempotency_key = new_idempotency_key();
  const PublishAnswer answer = publisher.publish(publication);
  if (answer.json.empty()) give_up(answer);
  std::cout << answer.json << std::endl;
}

// Each line of stdin as a message; lines that are there together go in one request.
class Lines {
 public:
  Lines(Publisher& publisher, const Publication& like)
      : publisher_(publisher), like_(like), splitter_(kLongestLine) {}

  // False when one of them was refused.
  bool publish_all(const Stop& stop) {
    std::array<char, 64 * 1024> buffer{};
    std::string last;
    while (!stop.is_asked()) {
      const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
      is_ended_ = bytes.ends_with('\n');
      if (!splitter_.feed(bytes, [this](std::string_view line) { return add(line), true; })) {
        throw std::runtime_error("a line has more than " + std::to_string(kLongestLine) + " bytes");
      }
      if (!is_more_there()) send();
    }
    if (!is_ended_) splitter_.feed("\n", [this](std::string_view line) { return add(line), true; });
    send();
    return !has_refusal_;
  }

 private:
  void add(std::string_view line) {
    if (waiting_bytes_ + line.size() > kBytesPerRequest) send();
    waiting_bytes_ += line.size();
    Publication publication = like_;
    publication.body = line;
    if (publication.type.empty()) publication.type = guessed_type(publication.body);
    publication.idempotency_key = new_idempotency_key();
    waiting_.push_back(std::move(publication));
    if (waiting_.size() == kLinesPerRequest) send();
  }

  static bool is_more_there() {
    pollfd entry{STDIN_FILENO, POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLIN) != 0;
  }

  void send() {
    if (waiting_.empty()) return;
    const PublishAnswer answer = publisher_.publish_all(waiting_);
    if (answer.json.empty()) give_up(answer);
    const auto value = naru::Value::parse(answer.json);
    const naru::Value results = value ? value->find("results") : naru::Value();
    results.argument().for_each_element([this](const naru::Argument& result) {
      std::cout << result.text() << '\n';
      has_refusal_ |= result.find("error").has_value();
      return true;
    });
    std::cout << std::flush;
    waiting_.clear();
    waiting_bytes_ = 0;
  }

  Publisher& publisher_;
  const Publication like_;
  LineSplitter splitter_;
  std::vector<Publication> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool is_ended_ = true;
  bool has_refusal_ = false;
};

void publish(Call& call) {
  Stop stop;
  stop.on_signals();
  take_headers(call);
  const std::chrono::milliseconds patience(static_cast<std::int64_t>(call.patience * 1000));
  Publisher publisher(call.address, {.patience = patience, .say = say}, stop);
  if (call.text || !call.file.empty()) {
    call.publication.body = call.text ? *call.text : contents_of(call.file);
    return publish_one(publisher, call.publication);
  }
  if (!Lines(publisher, call.publication).publish_all(stop)) throw Exit{kRefused};
}

}  // namespace

void add_publish_command(CLI::App& app) {
  auto call = std::make_shared<Call>();
  CLI::App* command =
      app.add_subcommand("publish", "Publish a text, a file, or each line of stdin; prints the answers");
  add_connection_flags(*command, call->address);
  auto* text =
      command->add_option("text", call->text, "the message; JSON when it is JSON")->type_name("TEXT");
  command->add_option("--file", call->file, "a file's contents as one message")
      ->excludes(text)
      ->type_name("FILE");
  command->add_option("--type", call->publication.type, "media type (default: guessed: JSON, text or bytes)");
  command->add_option("--event", call->publication.event, "the message's event name");
  command->add_option("--key", call->publication.key, "what the message is about");
  command->add_option("--header", call->headers, "NAME:VALUE, several times")->allow_extra_args(false);
  command->add_option("--idempotency-key", call->publication.idempotency_key,
                      "published once for each key (default: one for each call); not for stdin");
  command
      ->add_option("--retry", call->patience,
                   "seconds in which it is tried again while the server cannot take it")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  command->callback([call] { publish(*call); });
}

}  // namespace apps
