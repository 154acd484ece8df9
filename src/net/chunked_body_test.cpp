#include "net/chunked_body.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <fmt/core.h>

using belay::net::ChunkedBody;
using Progress = ChunkedBody::Progress;

namespace {

struct Read {
  Progress progress;
  std::string body;
  std::string left;
};

// Offers `step` bytes more each time, as reads from a socket do.
Read read(std::string_view bytes, std::size_t step, std::size_t max_body = 1'000'000) {
  ChunkedBody chunks{max_body};
  Read out{Progress::need_more, {}, {}};
  std::string unread;
  while (out.progress == Progress::need_more && !bytes.empty()) {
    unread.append(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    std::string_view rest{unread};
    out.progress = chunks.read(rest, out.body);
    unread = std::string{rest};
  }
  out.left = unread + std::string{bytes};
  return out;
}

}  // namespace

TEST_CASE("any body cut into any chunks comes back whole, however it arrives") {
  CHECK(rc::check([] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty<std::string>());
    const auto step = *rc::gen::inRange<std::size_t>(1, 20);
    std::string wire;
    std::string body;
    for (const auto& piece : pieces) {
      wire += fmt::format("{:x}\r\n", piece.size()) + piece + "\r\n";
      body += piece;
    }
    wire += "0\r\n\r\n";
    const auto heard = read(wire + "next", step);
    RC_ASSERT(heard.progress == Progress::complete);
    RC_ASSERT(heard.body == body);
    RC_ASSERT(heard.left == "next");
  }));
}

TEST_CASE("extensions and trailers are read over") {
  const auto heard = read("3;name=value\r\nabc\r\n2 ; x\r\nde\r\n0;last\r\nHost: evil\r\nX: y\r\n\r\n", 1);
  CHECK(heard.progress == Progress::complete);
  CHECK(heard.body == "abcde");
}

TEST_CASE("what is no chunk is malformed, at once or when it shows") {
  for (const std::string_view wire : {"g\r\n", "-1\r\n", "+1\r\n", " 1\r\n", "0x1\r\n", "1 2\r\n", "\r\n", ";x\r\n", "1\r\nab", "1\r\na\n\n", "0\r\nno colon\r\n\r\n", "0\r\n: empty\r\n\r\n", "1;\x01\r\n", "00000000000000001\r\na\r\n", "1\nX\r\na\r\n"}) {
    for (const std::size_t step : {1U, 100U}) {
      CAPTURE(wire);
      CHECK(read(wire, step).progress == Progress::malformed);
    }
  }
}

TEST_CASE("a chunk over the limit is refused before its data comes, and so are lines and trailers without end") {
  CHECK(read("b\r\n", 100, 10).progress == Progress::too_large);
  CHECK(read("5\r\nabcde\r\n6\r\n", 100, 10).progress == Progress::too_large);
  CHECK(read("ffffffffffffffff\r\n", 100, 10).progress == Progress::too_large);
  CHECK(read("fffffffffffffffff\r\n", 100, 10).progress == Progress::too_large);
  CHECK(read("5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n", 100, 10).progress == Progress::complete);
  CHECK(read("1;" + std::string(2'000, 'x'), 100).progress == Progress::malformed);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 1'000; ++i) trailers += "X-Trailer: " + std::string(100, 'x') + "\r\n";
  CHECK(read(trailers, 100).progress == Progress::malformed);
  std::string extensions;
  for (int i = 0; i < 1'000; ++i) extensions += "1;" + std::string(100, 'x') + "\r\na\r\n";
  CHECK(read(extensions, 100).progress == Progress::malformed);
}
