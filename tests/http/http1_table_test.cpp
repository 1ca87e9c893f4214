// Every row of the table of requests that must be refused, or handled as said, over a whole session: each
// request whole, cut in two at every byte, byte by byte, and in threes.
#include <algorithm>
#include <initializer_list>
#include <ostream>

#include "http_harness.hpp"

namespace naru::http {
namespace {

using namespace std::string_literals;

struct Row {
  std::string name;
  std::string request;
  std::vector<int> statuses;
  bool ends = true;  // the server ends its direction, and answers nothing more
};

std::string with_field(const std::string& field) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
}
std::string with_line(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}
std::string with_host(const std::string& hosts) {
  return "GET / HTTP/1.1\r\n" + hosts + "\r\n";
}
std::string with_length(const std::string& length) {
  return post("Content-Length: " + length + "\r\n", "hello");
}
std::string with_coding(const std::string& coding) {
  return post("Transfer-Encoding: " + coding + "\r\n", "5\r\nhello\r\n0\r\n\r\n");
}
std::string chunks(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}
// What a smuggler hopes to have answered.
const std::string kNext = get("/next");

std::vector<Row> rows() {
  std::vector<Row> all = {
      {"a plain request", get("/"), {200}, false},
      {"no Host", with_host(""), {400}},
      {"two Hosts", with_host("Host: a\r\nHost: b\r\n"), {400}},
      {"two equal Hosts", with_host("Host: a\r\nHost: a\r\n"), {400}},
      {"Host with a blank", with_host("Host: a b\r\n"), {400}},
      {"Host with a slash", with_host("Host: a/b\r\n"), {400}},
      {"Host with @", with_host("Host: u@a\r\n"), {400}},
      {"Host with a port", with_host("Host: [::1]:8005\r\n"), {200}, false},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", {200}},

      {"blank before the colon", with_field("Name : v"), {400}},
      {"no colon", with_field("Name"), {400}},
      {"empty name", with_field(": v"), {400}},
      {"name with brackets", with_field("Na[me]: v"), {400}},
      {"name over 0x7f", with_field("N\xc3\xa9: v"), {400}},
      {"NUL in a name", with_field("Na\0me: v"s), {400}},
      {"NUL in a value", with_field("Name: a\0b"s), {400}},
      {"bare CR in a value", with_field("Name: a\rb"), {400}},
      {"CR CR LF", with_field("Name: a\r"), {400}},
      {"control byte in a value", with_field("Name: a\x01"), {400}},
      {"DEL in a value", with_field("Name: a\x7f"), {400}},
      {"raw 8-bit bytes in a value", with_field("Name: caf\xc3\xa9"), {200}, false},
      {"blanks and tabs around a value", with_field("Content-Length: \t 0 \t"), {200}, false},
      {"blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n" + kNext, {400}},
      {"folded Content-Length", post("Content-Length:\r\n 5\r\n", "hello") + kNext, {400}},
      {"folded Transfer-Encoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n") + kNext, {400}},
      {"folded ordinary value", with_field("Name: a\r\n b"), {400}},
      {"LF alone ends the lines", "GET / HTTP/1.1\nHost: a\n\n", {400}},
      {"LF alone ends one line", "GET / HTTP/1.1\r\nHost: a\n\r\n", {400}},
      {"LF alone ends the head", "GET / HTTP/1.1\r\nHost: a\r\n\n", {400}},

      {"NUL in the target", with_line("GET /a\0b HTTP/1.1"s), {400}},
      {"control byte in the target", with_line("GET /a\x01 HTTP/1.1"), {400}},
      {"DEL in the target", with_line("GET /a\x7f HTTP/1.1"), {400}},
      {"raw 8-bit byte in the target", with_line("GET /caf\xc3\xa9 HTTP/1.1"), {400}},
      {"blank in the target", with_line("GET /a b HTTP/1.1"), {400}},
      {"fragment in the target", with_line("GET /a#b HTTP/1.1"), {400}},
      {"no leading slash", with_line("GET a HTTP/1.1"), {400}},
      {"absolute-form", with_line("GET http://a/b?c HTTP/1.1"), {200}, false},
      {"absolute-form with a user", with_line("GET http://u@a/b HTTP/1.1"), {400}},
      {"tab as separator", with_line("GET\t/\tHTTP/1.1"), {400}},
      {"no target", with_line("GET  HTTP/1.1"), {400}},
      {"two blanks", with_line("GET  / HTTP/1.1"), {400}},
      {"blank behind the version", with_line("GET / HTTP/1.1 "), {400}},
      {"HTTP/1.10", with_line("GET / HTTP/1.10"), {400}},
      {"http/1.1", with_line("GET / http/1.1"), {400}},
      {"HTTP/x.y", with_line("GET / HTTP/x.y"), {400}},
      {"HTTP/2.0", with_line("GET / HTTP/2.0"), {505}},
      {"HTTP/9.9", with_line("GET / HTTP/9.9"), {505}},
      {"HTTP/0.9", "GET /\r\n", {400}},
      {"bad character in the method", with_line("GE(T / HTTP/1.1"), {400}},
      {"unknown method", with_line("BREW / HTTP/1.1"), {501}},
      {"lower-case get", with_line("get / HTTP/1.1"), {501}},
      {"CONNECT", with_line("CONNECT a:443 HTTP/1.1"), {400}},
      {"TRACE", with_line("TRACE / HTTP/1.1"), {501}},
      {"OPTIONS *", with_line("OPTIONS * HTTP/1.1"), {200}, false},
      {"GET *", with_line("GET * HTTP/1.1"), {400}},
      {"an empty line before the request", "\r\n" + get("/"), {200}, false},
      {"nothing but empty lines", "\r\n\r\n\r\n\r\n\r\n", {400}},

      {"the same Content-Length twice",
       post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello") + kNext,
       {400}},
      {"two Content-Lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!") + kNext, {400}},
      {"Content-Length 0 and 5", post("Content-Length: 0\r\nContent-Length: 5\r\n", "hello") + kNext, {400}},
      {"Content-Length, then Transfer-Encoding",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") + kNext,
       {400}},
      {"Transfer-Encoding, then Content-Length",
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n") + kNext,
       {400}},
      {"two Transfer-Encodings",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") + kNext,
       {400}},
      {"Transfer-Encoding with a blank before the colon",
       post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n") + kNext,
       {400}},
      {"Transfer-Encoding in HTTP/1.0",
       "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + kNext,
       {400}},
      {"Transfer-Encoding: Chunked", with_coding("Chunked"), {200}, false},

      {"chunks", chunks("5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n"), {200}, false},
      {"chunks with trailers", chunks("1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n"), {200}, false},
      {"chunk data longer than its size", chunks("3\r\nhello\r\n0\r\n\r\n") + kNext, {400}},
      {"chunk data shorter than its size", chunks("7\r\nhello\r\n0\r\n\r\n") + kNext, {400}},
      {"no CRLF behind the data", chunks("5\r\nhello0\r\n\r\n") + kNext, {400}},
      {"LF behind the size", chunks("5\nhello\r\n0\r\n\r\n") + kNext, {400}},
      {"LF behind the data", chunks("5\r\nhello\n0\r\n\r\n") + kNext, {400}},
      {"LF behind an extension", chunks("5;a\nhello\r\n0\r\n\r\n") + kNext, {400}},
      {"LF behind the last chunk", chunks("0\n\n") + kNext, {400}},
      {"LF behind the trailers", chunks("0\r\nA: b\n\n") + kNext, {400}},
      {"bare CR in an extension", chunks("5;a\rb\r\nhello\r\n0\r\n\r\n") + kNext, {400}},
      {"NUL in an extension", chunks("5;a\0b\r\nhello\r\n0\r\n\r\n"s) + kNext, {400}},
      {"trailer without a colon", chunks("0\r\nAb\r\n\r\n") + kNext, {400}},
      {"trailer that begins with a blank", chunks("0\r\n A: b\r\n\r\n") + kNext, {400}},
      {"trailer with a control byte", chunks("0\r\nA: \x01\r\n\r\n") + kNext, {400}},

      {"a body and what follows", post("Content-Length: 5\r\n", "hello") + kNext, {200, 200}, false},
      {"pipelined", get("/1") + get("/2") + get("/3"), {200, 200, 200}, false},
      {"a broken one behind good ones",
       get("/1") + get("/2") + "GET nowhere HTTP/1.1\r\n\r\n" + kNext,
       {200, 200, 400}},
      {"bytes behind Connection: close", get("/", "Connection: close\r\n") + kNext, {200}},
      {"close among other options", get("/", "Connection: x, Close\r\n") + kNext, {200}},
      {"HTTP/1.0 ends", "GET / HTTP/1.0\r\nHost: a\r\n\r\n" + kNext, {200}},
      {"HTTP/1.0 keep-alive",
       "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n" + kNext,
       {200, 200},
       false},
      {"Expect: 100-continue",
       post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"),
       {100, 200},
       false},
      {"Expect of HTTP/1.0",
       "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
       {200}},
      {"unknown expectation", with_field("Expect: tea"), {417}},
  };
  for (const char* length :
       {"+5", "-5", "0x5", "5a", "5.0", "5e0", "5 5", "", "5, 6", "5, 5", "5,5", "\v5", "9223372036854775808",
        "18446744073709551621", "1234567890123456789012345678901234567890"}) {
    all.push_back({"Content-Length "s + length, with_length(length) + kNext, {400}});
  }
  all.push_back({"Content-Length with NUL", with_length("5\0"s) + kNext, {400}});
  for (const char* coding : {"identity", "xchunked", "chunked, gzip", "chunked, chunked", "\"chunked\"",
                             "gzip, chunked", "gzip", "chunked;q=1"}) {
    all.push_back({"Transfer-Encoding "s + coding, with_coding(coding) + kNext, {501}});
  }
  for (const char* coding : {"\vchunked", ""})
    all.push_back({"Transfer-Encoding "s + coding, with_coding(coding) + kNext, {400}});
  for (const char* size :
       {"g", "-5", "+5", "0x5", "", "5 5", "10000000000000005", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"}) {
    all.push_back({"chunk size "s + size, chunks(size + "\r\nhello\r\n0\r\n\r\n"s) + kNext, {400}});
  }
  all.push_back({"chunk size of 16 F", chunks("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n") + kNext, {413}});
  return all;
}

struct Outcome {
  std::string bytes;
  bool has_ended = false;
  bool operator==(const Outcome&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << outcome.bytes << (outcome.has_ended ? "(end)" : "(open)");
}

Outcome run(test::Pieces pieces) {
  Harness http;
  for (const std::span<char> piece : pieces)
    http.send({piece.data(), piece.size()});
  return {http.client.bytes, http.client.has_ended};
}

TEST(Http1Table, EveryRowInEveryCut) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const Outcome outcome = test::expect_same_when_split(row.request, run);
    Harness http;
    http.send(row.request);
    EXPECT_EQ(http.statuses(), row.statuses) << http.refused_because;
    EXPECT_EQ(outcome.has_ended, row.ends);
    const bool says_close = http.client.bytes.find("\r\nConnection: close\r\n") != std::string::npos;
    EXPECT_EQ(says_close, row.ends) << http.client.bytes;
    if (HasFailure()) return;
  }
}

// Rows whose requests are too large to be cut at every byte.
struct LargeRow {
  std::string name;
  std::string request;
  int status;
};

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t count = 0; count < times; ++count)
    all += text;
  return all;
}

TEST(Http1Table, LargeRowsEndWithAnAnswerThatArrives) {
  const std::vector<LargeRow> large = {
      {"target of 200 KiB", get("/" + std::string(200 << 10, 'a')), 414},
      {"a line that never ends", std::string(300 << 10, 'G'), 414},
      {"header of 300 KiB", get("/", "Name: " + std::string(300 << 10, 'v') + "\r\n"), 431},
      {"20000 headers", get("/", repeat("A: b\r\n", 20000)), 431},
      {"1 MiB extension", chunks("5;" + std::string(1 << 20, 'x') + "\r\nhello\r\n0\r\n\r\n"), 400},
      {"1 MiB of trailers", chunks("0\r\n" + repeat("Name: value\r\n", 90000) + "\r\n"), 431},
      {"1 MiB of one trailer", chunks("0\r\nName: " + std::string(1 << 20, 'x') + "\r\n\r\n"), 431},
  };
  for (const LargeRow& row : large) {
    for (const std::size_t step : {row.request.size(), std::size_t{4096}, std::size_t{1000}}) {
      SCOPED_TRACE(row.name + " in pieces of " + std::to_string(step));
      Harness http;
      for (std::size_t at = 0; at < row.request.size(); at += step)
        http.send(std::string_view(row.request).substr(at, step));
      http.send(kNext);
      EXPECT_EQ(http.statuses(), std::vector<int>{row.status}) << http.refused_because;
      EXPECT_TRUE(http.client.has_ended);
      EXPECT_FALSE(http.client.closed) << "the peer was reset before it could read the answer";
      http.end();
      EXPECT_EQ(http.client.closed, std::error_code());
      EXPECT_TRUE(http.is_over);
    }
  }
}

TEST(Http1Table, AnEndInsideABodyIsNoSuccess) {
  for (const std::string& request : {with_length("6"), chunks("5\r\nhello\r\n"), chunks("5\r\nhel")}) {
    Harness http;
    http.send(request);
    EXPECT_EQ(http.statuses(), std::vector<int>{});
    http.end();
    EXPECT_EQ(http.statuses(), std::vector<int>{400});
    EXPECT_EQ(http.recorders.at(0)->aborts, 1);
    EXPECT_TRUE(http.is_over);
  }
}

TEST(Http1Table, AHeadThatTricklesIsCutOff) {
  Harness http;
  const std::string request = get("/", "Name: " + std::string(100, 'x') + "\r\n");
  std::size_t sent = 0;
  for (; sent < 60 && http.statuses().empty(); ++sent) {
    http.send(std::string_view(request).substr(sent, 1));
    http.advance(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(sent, 50U) << "five seconds from the first byte";
  EXPECT_EQ(http.statuses(), std::vector<int>{408});
  EXPECT_TRUE(http.client.has_ended);
}

}  // namespace
}  // namespace naru::http
