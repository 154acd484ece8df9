#include "support/address.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace belay::support {
namespace {

TEST_CASE("addresses that people would call the same have one form") {
  CHECK(normal_address("Ada.Moreau+help@Example.COM") == "ada.moreau+help@example.com");
  CHECK(normal_address("  ada@example.com\n") == "ada@example.com");
  // é in one piece and in two, in either case
  CHECK(normal_address("ren\xC3\xA9@example.com") == normal_address("RENE\xCC\x81@EXAMPLE.com"));
  CHECK(normal_address("stra\xC3\x9F" "e@example.com") == normal_address("STRASSE@example.com"));
  CHECK(normal_address("ada@b\xC3\xBC" "cher.example") == "ada@xn--bcher-kva.example");
  CHECK(normal_address("ada@B\xC3\x9C" "CHER.example") == "ada@xn--bcher-kva.example");
  CHECK(normal_address("ada@XN--BCHER-KVA.example") == "ada@xn--bcher-kva.example");
}

TEST_CASE("what people would call different stays different") {
  CHECK(normal_address("ada+one@example.com") != normal_address("ada@example.com"));
  CHECK(normal_address("a.da@example.com") != normal_address("ada@example.com"));
}

TEST_CASE("what is no address, or cannot stand in a list with commas, has no form") {
  for (const auto* text : {"", "ada", "@example.com", "ada@", "a da@example.com", "\"a,b\"@example.com", "ada@example.com,eve@example.com", "ada@exa\x01mple.com",
                           "ada\xFF@example.com", "ada@\xE2\x80\xAE" "example.com", "ada@xn--a\xC3\xA9.example", "ada@b\xEF\xBC\x8C" "eve.example"}) {
    CHECK_FALSE_MESSAGE(normal_address(text), text);
  }
  CHECK_FALSE(normal_address(std::string(250, 'a') + "@example.com"));
}

TEST_CASE("the form of a form is itself, and any bytes are taken") {
  rc::check([](const std::string& local, const std::string& domain) {
    const auto once = normal_address(local + '@' + domain);
    if (once) RC_ASSERT(normal_address(*once) == once);
  });
}

}  // namespace
}  // namespace belay::support
