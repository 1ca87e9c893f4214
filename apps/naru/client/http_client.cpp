#include "naru/client/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <new>
#include <stdexcept>
#include <utility>

namespace apps {
namespace {

using Clock = std::chrono::steady_clock;
constexpr long kConnectWithin = 10'000;                // milliseconds
constexpr std::chrono::milliseconds kLookAgain{1000};  // at the silence, when nothing wakes us

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::runtime_error(curl_easy_strerror(started));
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

using FieldList = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

FieldList list_of(const std::vector<std::string>& fields) {
  FieldList list(nullptr, curl_slist_free_all);
  for (const std::string& field : fields) {
    curl_slist* longer = curl_slist_append(list.get(), field.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    [[maybe_unused]] const auto* shorter = list.release();
    list.reset(longer);
  }
  return list;
}

}  // namespace

struct HttpClient::Transfer {
  HttpAnswer answer;
  const OnBody& on_body;
  Clock::time_point last = Clock::now();
  char failure[CURL_ERROR_SIZE] = {};

  void take_field(std::string_view line) {
    last = Clock::now();
    if (line.starts_with("HTTP/")) {  // "HTTP/1.1 200 OK"; a further one comes after an interim answer
      const char* number = line.data() + std::min(line.find(' ') + 1, line.size());
      std::from_chars(number, line.data() + line.size(), answer.status);
      return answer.fields.clear();
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    for (char& c : name)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    answer.fields.insert_or_assign(std::move(name), trimmed(line.substr(colon + 1)));
  }
};

HttpClient::HttpClient(const Stop& stop)
    : stop_(stop), multi_(nullptr, nullptr), easy_(nullptr, curl_easy_cleanup) {
  start_curl();
  multi_ = {curl_multi_init(), [](void* multi) { return static_cast<int>(curl_multi_cleanup(multi)); }};
  easy_.reset(curl_easy_init());
  if (!multi_ || !easy_) throw std::bad_alloc();
}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::perform(const HttpRequest& request, const OnBody& on_body) {
  Transfer transfer{.answer = {}, .on_body = on_body};
  CURL* easy = easy_.get();
  curl_easy_reset(easy);
  const FieldList fields = list_of(request.fields);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // a channel may be called ".."
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectWithin);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.failure);
  if (request.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(
      easy, CURLOPT_HEADERFUNCTION, +[](char* bytes, size_t, size_t count, void* to) {
        static_cast<Transfer*>(to)->take_field({bytes, count});
        return count;
      });
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(
      easy, CURLOPT_WRITEFUNCTION, +[](char* bytes, size_t, size_t count, void* to) -> size_t {
        auto& into = *static_cast<Transfer*>(to);
        into.last = Clock::now();
        return into.on_body(into.answer, {bytes, count}) ? count : 0;
      });
  run(transfer, request.silence);
  return std::move(transfer.answer);
}

void HttpClient::run(Transfer& transfer, std::chrono::milliseconds silence) {
  curl_multi_add_handle(multi_.get(), easy_.get());
  curl_waitfd wake{stop_.descriptor(), CURL_WAIT_POLLIN, 0};
  for (int running = 1; running > 0;) {
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK || stop_.is_asked()) break;
    if (running > 0 && Clock::now() - transfer.last > silence) {
      transfer.answer.failure = "nothing came for " + std::to_string(silence.count() / 1000) + " s";
      break;
    }
    if (running > 0)
      curl_multi_poll(multi_.get(), &wake, 1, static_cast<int>(std::min(silence, kLookAgain).count()),
                      nullptr);
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE || message->data.result == CURLE_OK) continue;
    const bool was_enough = message->data.result == CURLE_WRITE_ERROR;
    if (!was_enough) {
      transfer.answer.failure =
          transfer.failure[0] != 0 ? transfer.failure : curl_easy_strerror(message->data.result);
    }
  }
  curl_multi_remove_handle(multi_.get(), easy_.get());
}

}  // namespace apps
