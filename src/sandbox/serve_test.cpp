#include "sandbox/serve.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox {
namespace {

TEST_CASE("the sandbox listens on loopback and nowhere else") {
  CHECK(parse_listen("127.0.0.1:0")->port == 0);
  CHECK(parse_listen("localhost:8080")->address == "127.0.0.1");
  CHECK_FALSE(parse_listen("0.0.0.0:8080"));
  CHECK_FALSE(parse_listen("192.0.2.1:8080"));
  CHECK_FALSE(parse_listen("127.0.0.1"));
  CHECK_FALSE(parse_listen("127.0.0.1:http"));
  CHECK_FALSE(parse_listen("127.0.0.1:99999"));
}

}  // namespace
}  // namespace belay::sandbox
