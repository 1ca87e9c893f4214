#include "naru/client/websocket_client.hpp"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <new>
#include <stdexcept>

#include "naru/client/arrival.hpp"

namespace apps {
namespace {

using Clock = std::chrono::steady_clock;
constexpr long kConnectWithin = 10'000;  // milliseconds
constexpr std::size_t kMaxHead = 16 * 1024;
constexpr std::size_t kMaxRefusal = 4096;
constexpr std::string_view kSalt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 4.2.2

std::string base64(const unsigned char* bytes, std::size_t count) {
  std::string text(4 * ((count + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(count))));
  return text;
}

template <std::size_t Count>
std::array<unsigned char, Count> random_bytes() {
  std::array<unsigned char, Count> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(Count)) != 1)
    throw std::runtime_error("there are no random bytes");
  return bytes;
}

std::string accept_of(const std::string& key) {
  const std::string salted = key + std::string(kSalt);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), digest.data());
  return base64(digest.data(), digest.size());
}

// Of "http://host:port/path?query".
struct UrlParts {
  std::string authority;
  std::string target;
};
UrlParts parts_of(const std::string& url) {
  const std::size_t from = std::min(url.find("://") + 3, url.size());
  const std::size_t slash = std::min(url.find('/', from), url.size());
  return {url.substr(from, slash - from), slash < url.size() ? url.substr(slash) : "/"};
}

// The value of a field of a head; empty when it is not there.
std::string field_of(const std::string& head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = std::string_view(head).substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    const auto is_same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    if (!std::equal(name.begin(), name.end(), line.begin(), [&](char a, char b) { return is_same(b, a); }))
      continue;
    const auto value = line.substr(name.size() + 1);
    const auto start = value.find_first_not_of(" \t");
    return start == std::string_view::npos ? std::string() : std::string(value.substr(start));
  }
  return {};
}

int status_of(const std::string& head) {
  int status = 0;
  const char* number = head.data() + std::min(head.find(' ') + 1, head.size());
  std::from_chars(number, head.data() + head.size(), status);
  return status;
}

int is_stopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Stop*>(stop)->is_asked() ? 1 : 0;
}

}  // namespace

WebSocketClient::WebSocketClient(const Stop& stop, std::chrono::milliseconds silence)
    : stop_(stop), silence_(silence), easy_(curl_easy_init(), curl_easy_cleanup), frames_(kMaxPiece) {
  if (!easy_) throw std::bad_alloc();
}

WebSocketClient::~WebSocketClient() = default;

std::optional<Ending> WebSocketClient::open(const std::string& url, const std::vector<std::string>& fields) {
  if (auto ending = connect(url)) return ending;
  return shake_hands(url, fields);
}

std::optional<Ending> WebSocketClient::connect(const std::string& url) {
  CURL* easy = easy_.get();
  std::array<char, CURL_ERROR_SIZE> failure{};
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);  // what we speak is HTTP/1.1
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectWithin);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, failure.data());
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, const_cast<Stop*>(&stop_));
  const CURLcode code = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (stop_.is_asked()) return Ending{.kind = Ending::Kind::enough};
  if (code != CURLE_OK)
    return Ending{.sentence = failure[0] != 0 ? failure.data() : curl_easy_strerror(code)};
  return std::nullopt;
}

std::optional<Ending> WebSocketClient::shake_hands(const std::string& url,
                                                   const std::vector<std::string>& fields) {
  const UrlParts parts = parts_of(url);
  const auto random = random_bytes<16>();
  const std::string key = base64(random.data(), random.size());
  std::string request = "GET " + parts.target + " HTTP/1.1\r\nHost: " + parts.authority +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: " +
                        key + "\r\n";
  for (const std::string& field : fields)
    request += field + "\r\n";
  if (!write(request + "\r\n")) return Ending{.sentence = "the connection broke"};
  std::string head;
  if (auto ending = read_head(head)) return ending;
  if (status_of(head) != 101) return refusal(head);
  if (field_of(head, "sec-websocket-accept") != accept_of(key)) {
    return Ending{.kind = Ending::Kind::refused, .sentence = "the server's handshake is wrong"};
  }
  return std::nullopt;
}

// What comes behind the head stays for the frames.
std::optional<Ending> WebSocketClient::read_head(std::string& head) {
  while (true) {
    const std::size_t end = head.find("\r\n\r\n");
    if (end != std::string::npos) {
      frames_.add(std::string_view(head).substr(end + 4));
      if (status_of(head) == 101) head.resize(end + 2);
      return std::nullopt;
    }
    if (head.size() > kMaxHead) return Ending{.sentence = "the answer's head is too long"};
    if (auto ending = read_some(head)) return ending;
  }
}

// `answer` is the head and the beginning of the body.
Ending WebSocketClient::refusal(const std::string& answer) {
  std::string all = answer;
  const std::size_t body = all.find("\r\n\r\n") + 4;
  const std::string length_field = field_of(all.substr(0, body), "content-length");
  std::size_t length = 0;
  std::from_chars(length_field.data(), length_field.data() + length_field.size(), length);
  HttpAnswer head{.status = status_of(all)};
  while (head.failure.empty() && all.size() - body < std::min(length, kMaxRefusal)) {
    if (const auto broken = read_some(all)) head.failure = broken->sentence;
  }
  if (const std::string after = field_of(all.substr(0, body), "retry-after"); !after.empty())
    head.fields["retry-after"] = after;
  return ending_of(head, std::string_view(all).substr(body));
}

std::optional<Ending> WebSocketClient::receive(std::string& text) {
  while (true) {
    while (auto frame = frames_.next()) {
      switch (frame->kind) {
        case WebSocketFrame::Kind::ping:
          send_frame(WebSocketFrame::Kind::pong, frame->payload);
          break;
        case WebSocketFrame::Kind::close:
          send_frame(WebSocketFrame::Kind::close, std::string_view(frame->payload).substr(0, 2));
          return Ending{.sentence = "closed: " + close_sentence(frame->payload)};
        case WebSocketFrame::Kind::text:
          text = std::move(frame->payload);
          return std::nullopt;
        case WebSocketFrame::Kind::binary:
        case WebSocketFrame::Kind::pong:
          break;
      }
    }
    if (!frames_.fault().empty()) return Ending{.sentence = frames_.fault()};
    std::string bytes;
    if (auto ending = read_some(bytes)) return ending;
    frames_.add(bytes);
  }
}

void WebSocketClient::close() {
  constexpr char kNormal[] = {0x03, static_cast<char>(0xE8)};  // 1000
  send_frame(WebSocketFrame::Kind::close, std::string_view(kNormal, 2));
}

std::optional<Ending> WebSocketClient::read_some(std::string& into) {
  std::array<char, 16 * 1024> buffer{};
  while (true) {
    std::size_t count = 0;
    const CURLcode code = curl_easy_recv(easy_.get(), buffer.data(), buffer.size(), &count);
    if (code == CURLE_OK && count > 0) return into.append(buffer.data(), count), std::nullopt;
    if (code != CURLE_AGAIN) return Ending{.sentence = "the connection broke"};
    if (auto ending = wait(POLLIN)) return ending;
  }
}

std::optional<Ending> WebSocketClient::wait(short events) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
  std::array<pollfd, 2> entries{pollfd{socket, events, 0}, pollfd{stop_.descriptor(), POLLIN, 0}};
  const int ready = ::poll(entries.data(), entries.size(), static_cast<int>(silence_.count()));
  if (stop_.is_asked()) return Ending{.kind = Ending::Kind::enough};
  if (ready == 0)
    return Ending{.sentence = "nothing came for " + std::to_string(silence_.count() / 1000) + " s"};
  return std::nullopt;
}

bool WebSocketClient::send_frame(WebSocketFrame::Kind kind, std::string_view payload) {
  return write(client_frame(kind, payload, random_bytes<4>()));
}

bool WebSocketClient::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t count = 0;
    const CURLcode code = curl_easy_send(easy_.get(), bytes.data(), bytes.size(), &count);
    if (code == CURLE_AGAIN && wait(POLLOUT)) return false;
    if (code != CURLE_OK && code != CURLE_AGAIN) return false;
    bytes.remove_prefix(count);
  }
  return true;
}

}  // namespace apps
