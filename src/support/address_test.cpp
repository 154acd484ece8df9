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
  CHECK(normal_address("stra\xC3\x9F" "e@example.com") == normal_address("STRA\xE1\xBA\x9E" "E@example.com"));   // the capital ß
  CHECK(normal_address("ada@b\xC3\xBC" "cher.example") == "ada@xn--bcher-kva.example");
  CHECK(normal_address("ada@B\xC3\x9C" "CHER.example") == "ada@xn--bcher-kva.example");
  CHECK(normal_address("ada@XN--BCHER-KVA.example") == "ada@xn--bcher-kva.example");
}

TEST_CASE("what people would call different stays different") {
  CHECK(normal_address("stra\xC3\x9F" "e@example.com") != normal_address("strasse@example.com"));
  CHECK(normal_address("\xEF\xAC\x81" "ona@example.com") != normal_address("fiona@example.com"));   // a ligature
  CHECK(normal_address("ada+one@example.com") != normal_address("ada@example.com"));
  CHECK(normal_address("a.da@example.com") != normal_address("ada@example.com"));
}

TEST_CASE("what is no address, or cannot stand in a list with commas, has no form") {
  for (const auto* text : {"", "ada", "@example.com", "ada@", "a da@example.com", "\"a,b\"@example.com", "ada@example.com,eve@example.com", "ada@exa\x01mple.com",
                           "ada\xFF@example.com", "ada@\xE2\x80\xAE" "example.com", "ada@xn--a\xC3\xA9.example", "ada@b\xEF\xBC\x8C" "eve.example", "ada@b.example\xEF\xBC\xA0" "eve.example"}) {
    CHECK_FALSE_MESSAGE(normal_address(text), text);
  }
  CHECK_FALSE(normal_address(std::string(250, 'a') + "@example.com"));
}

TEST_CASE("why something is no address is told") {
  using enum AddressFault;
  struct Case { std::string text; std::optional<AddressFault> fault; };
  for (const auto& [text, fault] : {Case{"ada@example.com", std::nullopt}, Case{"", no_address}, Case{"ada", no_address}, Case{"@example.com", no_address}, Case{"ada@ ", no_address},
                                    Case{"a,b@example.com", character}, Case{"a da@example.com", character}, Case{"ada@exa\x01mple.com", character}, Case{"ada@b\xEF\xBC\x8C" "eve.example", character},
                                    Case{std::string(250, 'a') + "@example.com", too_long}, Case{"ada@xn--a\xC3\xA9.example", domain}}) {
    CAPTURE(text);
    CHECK(address_fault(text) == fault);
    CHECK(normal_address(text).has_value() == !fault.has_value());
  }
}

TEST_CASE("the form in which an address was written is another one only where more than ASCII case makes it differ") {
  for (const auto* text : {"ada@example.com", "Ada.Moreau@Example.COM", "ren\xC3\xA9@example.com", "Ren\xC3\xA9@EXAMPLE.com", "stra\xC3\x9F" "e@example.com", "ada@XN--BCHER-KVA.example", "", "ada", "ren\xC3\xA9,eve@example.com"}) {
    CHECK_FALSE_MESSAGE(written_form(text), text);
  }
  for (const auto* text : {"Rene\xCC\x81@Example.com", "REN\xC3\x89@example.com", "STRA\xE1\xBA\x9E" "E@example.com", "ada@b\xC3\xBC" "cher.example"}) {
    CHECK_MESSAGE(written_form(" " + std::string(text) + "\r\n") == text, text);
  }
}

TEST_CASE("an address is written as it was told, without the space around it") {
  CHECK(as_written(" Ada.Moreau@Example.COM\n") == "Ada.Moreau@Example.COM");
  CHECK(as_written("stra\xC3\x9F" "e@b\xC3\xBC" "cher.example") == "stra\xC3\x9F" "e@b\xC3\xBC" "cher.example");
  CHECK_FALSE(as_written("a,b@example.com"));
}

TEST_CASE("either form of any bytes may stand in a list with commas, and has the same normal form") {
  CHECK(rc::check([](const std::string& local, const std::string& domain) {
    for (const auto* more : {"", "\xC3\x89", "e\xCC\x81", "\xEF\xBC\x8C", "\xE3\x80\x80", ","}) {
      const auto text = local + more + '@' + more + domain;
      const auto normal = normal_address(text);
      const auto written = written_form(text);
      if (written) RC_ASSERT(normal_address(*written) == normal);
      for (const auto& form : {normal, written}) {
        if (form) RC_ASSERT(form->size() <= 254 && form->find_first_of(", \n\t\r") == std::string::npos);
      }
    }
  }));
}

TEST_CASE("the form of a form is itself, and any bytes are taken") {
  CHECK(rc::check([](const std::string& local, const std::string& domain) {
    const auto once = normal_address(local + '@' + domain);
    if (once) RC_ASSERT(normal_address(*once) == once);
  }));
}

}  // namespace
}  // namespace belay::support
