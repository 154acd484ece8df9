#include "crypto/seal.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "crypto/digest.hpp"

using namespace belay::crypto;

namespace {

const std::string kOldKey = base64(std::string(32, 'a'));
const std::string kNewKey = base64(std::string(32, 'b'));
constexpr std::string_view kContext = "link/ari:cloud:ecosystem::installation/1/account-7/access_token";

Sealer sealer(const std::string& lines) { return Sealer::from_key_file(lines).value(); }

}  // namespace

TEST_CASE("what was sealed opens under the same context, and is new text every time") {
  const auto keys = sealer(kOldKey);
  CHECK(rc::check([&](const std::string& plain) {
    const auto sealed = keys.seal(plain, kContext);
    RC_ASSERT(keys.open(sealed, kContext).value() == plain);
    RC_ASSERT(sealed != keys.seal(plain, kContext));
    RC_ASSERT(std::ranges::all_of(sealed, [](char c) { return c > ' ' && c < 0x7f; }));
  }));
}

TEST_CASE("a sealed value copied to another row does not open") {
  const auto keys = sealer(kOldKey);
  const auto opened = keys.open(keys.seal("secret", kContext), "link/another/row/access_token");
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == "seal_broken");
}

TEST_CASE("a sealed value with any character altered, cut or added does not open") {
  const auto keys = sealer(kOldKey);
  const auto sealed = keys.seal("secret", kContext);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto altered = sealed;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    INFO(i);
    CHECK_FALSE(keys.open(altered, kContext).has_value());
    CHECK_FALSE(keys.open(sealed.substr(0, i), kContext).has_value());
  }
  CHECK_FALSE(keys.open(sealed + "A", kContext).has_value());
  CHECK_FALSE(keys.open(sealed + ".", kContext).has_value());
  CHECK(keys.open("", kContext).error().code == "seal_broken");
}

TEST_CASE("after rotation old values open and count as stale, new ones are sealed with the first key") {
  const auto before = sealer(kOldKey);
  const auto rotated = sealer("# new key first\n" + kNewKey + "\n\n  " + kOldKey + " \r\n");
  const auto old_value = before.seal("secret", kContext);
  CHECK(rotated.open(old_value, kContext).value() == "secret");
  const auto new_value = rotated.seal("secret", kContext);
  CHECK(before.open(new_value, kContext).error().code == "seal_unknown_key");
}

TEST_CASE("a value relabelled with another key's id does not open") {
  const auto both = sealer(kOldKey + "\n" + kNewKey);
  const auto sealed = both.seal("secret", kContext);
  const auto other = sealer(kNewKey).seal("x", kContext);
  auto relabelled = sealed;
  relabelled.replace(3, 8, other.substr(3, 8));
  CHECK(both.open(relabelled, kContext).error().code == "seal_broken");
}

TEST_CASE("a key file with a bad line is refused, and the line is named") {
  const auto line_of = [](const std::string& text) {
    const auto refused = Sealer::from_key_file(text);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "key_file_invalid");
    return refused.error().detail.at("line").to_number<int>();
  };
  CHECK(line_of("# keys\n" + kOldKey + "\nnot base64 at all\n") == 3);
  CHECK(line_of(base64(std::string(31, 'a'))) == 1);
  CHECK(line_of(kOldKey + "\n" + kOldKey) == 2);
  CHECK(line_of("# nothing\n\n") == 2);
  CHECK(line_of("") == 0);
}
