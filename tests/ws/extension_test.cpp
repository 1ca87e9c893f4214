#include "ws/extension.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/head_parser.hpp"

namespace naru::ws {
namespace {

// One line: `name; parameter=[value], name`.
std::string read(std::string_view text) {
  std::vector<Extension> extensions;
  if (!parse_extensions(text, extensions)) return "malformed";
  std::string out;
  for (const Extension& extension : extensions) {
    if (!out.empty()) out += ", ";
    out += extension.name;
    for (const ExtensionParameter& parameter : extension.parameters) {
      out += "; " + std::string(parameter.name);
      if (parameter.value) out += "=[" + *parameter.value + "]";
    }
  }
  return out;
}

TEST(Extensions, AreAListOfNamesWithParameters) {
  struct Case {
    std::string_view text;
    std::string_view expected;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {"foo", "foo"},
      {"foo, bar", "foo, bar"},
      {"foo,bar;baz", "foo, bar; baz"},
      {"foo;a=1;b;c=\"2\"", "foo; a=[1]; b; c=[2]"},
      {" foo\t; a = 1 ;b , bar ", "foo; a=[1]; b, bar"},
      {"foo;a=\"x\\y\\-z\"", "foo; a=[xy-z]"},
      {",, foo ,,bar,", "foo, bar"},
      {"foo, foo;a, foo;a;a", "foo, foo; a, foo; a; a"},
      {"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(read(each.text), each.expected) << each.text;
}

TEST(Extensions, WhatDoesNotMatchTheGrammarIsMalformed) {
  for (const std::string_view text : {";",
                                      "=",
                                      "foo;",
                                      "foo;;a",
                                      "foo; a=",
                                      "foo; a=;b",
                                      "foo; =1",
                                      "foo bar",
                                      "foo; a b",
                                      "foo; a=1 2",
                                      "foo; a=\"",
                                      "foo; a=\"1",
                                      "foo; a=\"\"",
                                      "foo; a=\"1 2\"",
                                      "foo; a=\"1,2\"",
                                      "foo; a=\"1;2\"",
                                      "foo; a=\"\\",
                                      "foo; a=\"\\\"\"",
                                      "foo; a=\"1\"2",
                                      "foo; a==1",
                                      "foo/bar",
                                      "(foo)",
                                      "foo@",
                                      "\"foo\"",
                                      "foo; \"a\"",
                                      "foo\r",
                                      "foo; a=\xC3\xA4"}) {
    EXPECT_EQ(read(text), "malformed") << text;
  }
}

// A parser that looks one byte too far is found by the blocks' exact size, and every prefix is either read or
// refused.
TEST(Extensions, EveryPrefixIsReadOrRefused) {
  const std::string text = "foo; a=1; b=\"x\\y\" ; c , bar;d=\"2\",baz";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    std::vector<Extension> extensions;
    const bool is_read = parse_extensions({exact.data(), exact.size()}, extensions);
    const char last = size == 0 ? 'x' : text[size - 1];
    if (is_read) {
      EXPECT_TRUE(last != ';' && last != '=' && last != '\\') << size;
    }
  }
}

// --- the agreement ---

std::string negotiate(std::vector<std::string> fields, CompressionOptions options = {}) {
  std::string text = "GET / HTTP/1.1\r\nHost: example.com\r\n";
  for (const std::string& field : fields)
    text += "Sec-WebSocket-Extensions: " + field + "\r\n";
  options.enabled = true;
  const auto agreed = negotiate_deflate(*http::parse_request_head(text + "\r\n"), options);
  return agreed ? agreed->answer : "declined";
}

CompressionOptions generous() {
  CompressionOptions options;
  options.server_no_context_takeover = false;
  options.client_no_context_takeover = false;
  return options;
}

TEST(DeflateAgreement, IsThatTheServerKeepsNothingUnlessToldOtherwise) {
  EXPECT_EQ(negotiate({"permessage-deflate"}),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  EXPECT_EQ(negotiate({"permessage-deflate"}, generous()), "permessage-deflate");
}

TEST(DeflateAgreement, AnswersEveryParameterOfAnOffer) {
  struct Case {
    std::string offer;
    std::string_view answer;  // what stands behind the name
  };
  const std::vector<Case> cases = {
      {"; server_no_context_takeover", "; server_no_context_takeover"},
      {"; client_no_context_takeover", "; client_no_context_takeover"},
      {"; client_no_context_takeover; server_no_context_takeover",
       "; server_no_context_takeover; client_no_context_takeover"},
      {"; server_max_window_bits=8", "; server_max_window_bits=8"},
      {"; server_max_window_bits=9", "; server_max_window_bits=9"},
      {"; server_max_window_bits=10", "; server_max_window_bits=10"},
      {"; server_max_window_bits=15", "; server_max_window_bits=15"},
      {"; server_max_window_bits=\"12\"", "; server_max_window_bits=12"},
      {"; client_max_window_bits", ""},
      {"; client_max_window_bits=8", "; client_max_window_bits=8"},
      {"; client_max_window_bits=14", "; client_max_window_bits=14"},
      {"; client_max_window_bits=15", "; client_max_window_bits=15"},
      {"; server_max_window_bits=11; client_max_window_bits; server_no_context_takeover",
       "; server_no_context_takeover; server_max_window_bits=11"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(negotiate({"permessage-deflate" + each.offer}, generous()),
              "permessage-deflate" + std::string(each.answer))
        << each.offer;
  }
}

TEST(DeflateAgreement, DeclinesAnOfferThatCannotBeUnderstood) {
  for (const std::string offer : {"; unknown",
                                  "; unknown=1",
                                  "; Server_Max_Window_Bits=10",
                                  "; server_no_context_takeover=1",
                                  "; client_no_context_takeover=true",
                                  "; server_no_context_takeover; server_no_context_takeover",
                                  "; client_no_context_takeover; client_no_context_takeover",
                                  "; server_max_window_bits",
                                  "; server_max_window_bits=7",
                                  "; server_max_window_bits=16",
                                  "; server_max_window_bits=0",
                                  "; server_max_window_bits=08",
                                  "; server_max_window_bits=010",
                                  "; server_max_window_bits=1e1",
                                  "; server_max_window_bits=+9",
                                  "; server_max_window_bits=-9",
                                  "; server_max_window_bits=100",
                                  "; server_max_window_bits=99999999999999999999",
                                  "; server_max_window_bits=x",
                                  "; server_max_window_bits=10; server_max_window_bits=10",
                                  "; client_max_window_bits=7",
                                  "; client_max_window_bits=16",
                                  "; client_max_window_bits=09",
                                  "; client_max_window_bits=abc",
                                  "; client_max_window_bits; client_max_window_bits=10",
                                  "; client_max_window_bits=10; client_max_window_bits"}) {
    EXPECT_EQ(negotiate({"permessage-deflate" + offer}, generous()), "declined") << offer;
    EXPECT_EQ(negotiate({"permessage-deflate" + offer + ", permessage-deflate"}, generous()),
              "permessage-deflate")
        << offer;
  }
}

TEST(DeflateAgreement, TakesTheFirstOfferThatItCanKeep) {
  EXPECT_EQ(negotiate({"permessage-deflate; server_max_window_bits=10, permessage-deflate"}, generous()),
            "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(negotiate({"x-webkit-deflate-frame, permessage-bzip2; permessage-deflate, permessage-deflate"},
                      generous()),
            "permessage-deflate");
  EXPECT_EQ(
      negotiate({"permessage-deflate; oops", "permessage-deflate; server_max_window_bits=9"}, generous()),
      "permessage-deflate; server_max_window_bits=9")
      << "several fields are one list";
  EXPECT_EQ(negotiate({"x-unknown"}), "declined");
  EXPECT_EQ(negotiate({"PERMESSAGE-DEFLATE"}), "declined");
  EXPECT_EQ(negotiate({}), "declined");
  EXPECT_EQ(negotiate({""}), "declined");
}

TEST(DeflateAgreement, DeclinesAllWhenAFieldIsMalformed) {
  EXPECT_EQ(negotiate({"permessage-deflate; client_max_window_bits="}), "declined");
  EXPECT_EQ(negotiate({"permessage-deflate, permessage-deflate;"}), "declined");
  EXPECT_EQ(negotiate({"permessage-deflate", ";"}), "declined");
  EXPECT_EQ(negotiate({"permessage-deflate; client_max_window_bits=\"10, permessage-deflate\""}), "declined");
}

TEST(DeflateAgreement, AsksForSmallerWindowsWhereItMay) {
  CompressionOptions small = generous();
  small.server_max_window_bits = 11;
  small.client_max_window_bits = 12;
  EXPECT_EQ(negotiate({"permessage-deflate"}, small), "permessage-deflate; server_max_window_bits=11")
      << "the client's window only when it offers that";
  EXPECT_EQ(negotiate({"permessage-deflate; client_max_window_bits"}, small),
            "permessage-deflate; server_max_window_bits=11; client_max_window_bits=12");
  EXPECT_EQ(negotiate({"permessage-deflate; client_max_window_bits=10; server_max_window_bits=9"}, small),
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=10");
  EXPECT_EQ(negotiate({"permessage-deflate; client_max_window_bits=15; server_max_window_bits=15"}, small),
            "permessage-deflate; server_max_window_bits=11; client_max_window_bits=12");
}

TEST(DeflateAgreement, IsKeptAsItWasSaid) {
  CompressionOptions options = generous();
  options.enabled = true;
  const auto agreed = negotiate_deflate(
      *http::parse_request_head("GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Extensions: permessage-deflate; "
                                "client_no_context_takeover; server_max_window_bits=10; "
                                "client_max_window_bits=9\r\n\r\n"),
      options);
  ASSERT_TRUE(agreed);
  EXPECT_FALSE(agreed->parameters.server_no_context_takeover);
  EXPECT_TRUE(agreed->parameters.client_no_context_takeover);
  EXPECT_EQ(agreed->parameters.server_max_window_bits, 10);
  EXPECT_EQ(agreed->parameters.client_max_window_bits, 9);
}

TEST(DeflateAgreement, IsNoneWhileCompressionIsOff) {
  const auto head = http::parse_request_head(
      "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
  EXPECT_FALSE(negotiate_deflate(*head, {}));
}

}  // namespace
}  // namespace naru::ws
