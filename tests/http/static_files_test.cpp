#include "http/static_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "http/head_parser.hpp"

namespace naru::http {
namespace {

RequestHead request(const std::string& fields = "") {
  return parse_request_head("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").value();
}

constexpr Asset kAssets[] = {
    {"a.js", "let a;", "text/javascript", "\"1\"", "ZIPPED"},
    {"b.css", "b{}", "text/css", "\"2\"", ""},
};

TEST(Assets, AreFoundByPath) {
  EXPECT_EQ(find_asset(kAssets, "b.css"), &kAssets[1]);
  EXPECT_EQ(find_asset(kAssets, "a.js"), &kAssets[0]);
  for (const char* path : {"", "a", "a.jsx", "z"})
    EXPECT_EQ(find_asset(kAssets, path), nullptr) << path;
}

TEST(Assets, PlainAnswer) {
  const StaticAnswer answer = answer_asset(kAssets[0], request(), {.cache_control = "max-age=60"});
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_EQ(answer.body.bytes, "let a;");
  EXPECT_EQ(answer.head.fields.find("content-type"), "text/javascript");
  EXPECT_EQ(answer.head.fields.find("etag"), "\"1\"");
  EXPECT_EQ(answer.head.fields.find("cache-control"), "max-age=60");
  EXPECT_EQ(answer.head.fields.find("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.head.fields.find("vary"), "Accept-Encoding");
  EXPECT_EQ(answer.head.fields.find("content-encoding"), std::nullopt);
}

TEST(Assets, ZippedAnswer) {
  const StaticAnswer answer = answer_asset(kAssets[0], request("Accept-Encoding: br, gzip\r\n"));
  EXPECT_EQ(answer.body.bytes, "ZIPPED");
  EXPECT_EQ(answer.head.fields.find("content-encoding"), "gzip");
  EXPECT_EQ(answer.head.fields.find("etag"), "\"1-gzip\"");
  const StaticAnswer plain = answer_asset(kAssets[1], request("Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(plain.body.bytes, "b{}");
  EXPECT_EQ(plain.head.fields.find("vary"), std::nullopt);
}

constexpr Asset kCoded{"c.js", "let c;", "text/javascript", "\"3\"", "ZIPPED", "BROTLI", "DEFLATED"};

TEST(Assets, EachCodingHasItsTag) {
  for (const auto& [accept, bytes, tag] : {std::array<const char*, 3>{"br", "BROTLI", "\"3-br\""},
                                           {"gzip, br", "ZIPPED", "\"3-gzip\""},
                                           {"deflate", "DEFLATED", "\"3-deflate\""},
                                           {"zstd", "let c;", "\"3\""}}) {
    const StaticAnswer answer =
        answer_asset(kCoded, request("Accept-Encoding: " + std::string(accept) + "\r\n"));
    EXPECT_EQ(answer.body.bytes, bytes);
    EXPECT_EQ(answer.head.fields.find("etag"), tag);
    EXPECT_EQ(answer.head.fields.find("vary"), "Accept-Encoding");
    EXPECT_EQ(answer_asset(kCoded, request("If-None-Match: " + std::string(tag) + "\r\n")).head.status, 304);
  }
}

TEST(Assets, OrOneTagForAll) {
  const StaticAnswer answer = answer_asset(kCoded, request("Accept-Encoding: br\r\n"), {.has_one_tag = true});
  EXPECT_EQ(answer.body.bytes, "BROTLI");
  EXPECT_EQ(answer.head.fields.find("etag"), "\"3\"");
  const StaticAnswer other =
      answer_asset(kCoded, request("If-None-Match: \"3-br\"\r\n"), {.has_one_tag = true});
  EXPECT_EQ(other.head.status, 200);
}

TEST(Assets, NotModified) {
  for (const char* tags : {"\"1\"", "W/\"1\"", "\"1-gzip\"", "\"x\", \"1\"", "*"}) {
    const StaticAnswer answer =
        answer_asset(kAssets[0], request("If-None-Match: " + std::string(tags) + "\r\n"));
    EXPECT_EQ(answer.head.status, 304) << tags;
    EXPECT_EQ(answer.body.bytes, "");
    EXPECT_EQ(answer.head.fields.find("etag"), "\"1\"");
    EXPECT_EQ(answer.head.fields.find("content-type"), std::nullopt);
  }
  EXPECT_EQ(answer_asset(kAssets[1], request("If-None-Match: \"2-gzip\"\r\n")).head.status, 200);
}

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "naru-static-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    outside_ = name;
    root_ = outside_ / "root";
    std::filesystem::create_directories(root_ / "inner");
    write(root_ / "page.html", "<p>hello");
    write(root_ / "inner" / "한 글.txt", "text");
    write(root_ / ".secret", "secret");
    write(root_ / "a\\b.txt", "backslash");
    write(outside_ / "outside.txt", "outside");
    std::filesystem::create_symlink(outside_ / "outside.txt", root_ / "link.txt");
    std::filesystem::create_directory_symlink(outside_, root_ / "up");
    ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  }
  void TearDown() override { std::filesystem::remove_all(outside_); }

  static void write(const std::filesystem::path& path, std::string_view text) { std::ofstream(path) << text; }
  StaticAnswer get(std::string_view path, const std::string& fields = "") const {
    return answer_from_folder(root_, path, request(fields));
  }

  std::filesystem::path outside_;
  std::filesystem::path root_;
};

TEST_F(Folder, Files) {
  const StaticAnswer answer = get("page.html");
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_EQ(answer.body.bytes, "<p>hello");
  EXPECT_EQ(answer.head.fields.find("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(answer.head.fields.find("x-content-type-options"), "nosniff");
  EXPECT_EQ(get("inner/한 글.txt").body.bytes, "text");
}

TEST_F(Folder, NotModifiedUntilItIs) {
  const std::string tag(get("page.html").head.fields.find("etag").value());
  EXPECT_EQ(get("page.html", "If-None-Match: " + tag + "\r\n").head.status, 304);
  write(root_ / "page.html", "<p>hello again");
  EXPECT_EQ(get("page.html", "If-None-Match: " + tag + "\r\n").head.status, 200);
}

TEST_F(Folder, NothingButRegularFilesBelow) {
  using namespace std::string_literals;
  for (const std::string& path : {""s,
                                  "."s,
                                  ".."s,
                                  "/"s,
                                  "inner"s,
                                  "inner/"s,
                                  "none.html"s,
                                  "../outside.txt"s,
                                  "inner/../page.html"s,
                                  "inner/../../outside.txt"s,
                                  "./page.html"s,
                                  "//page.html"s,
                                  "/etc/passwd"s,
                                  ".secret"s,
                                  "a\\b.txt"s,
                                  "..\\outside.txt"s,
                                  "page.html\0.txt"s,
                                  "link.txt"s,
                                  "up/outside.txt"s,
                                  "pipe"s,
                                  "page.html/x"s}) {
    EXPECT_EQ(get(path).head.status, 404) << path;
    EXPECT_EQ(get(path).body.bytes, "Not Found") << path;
  }
}

TEST_F(Folder, LargeFilesAreNotServed) {
  EXPECT_EQ(answer_from_folder(root_, "page.html", request(), {.max_file = 8}).head.status, 200);
  EXPECT_EQ(answer_from_folder(root_, "page.html", request(), {.max_file = 7}).head.status, 404);
  write(root_ / "empty", "");
  EXPECT_EQ(get("empty").head.status, 200);
}

}  // namespace
}  // namespace naru::http
