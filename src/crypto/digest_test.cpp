#include "crypto/digest.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace belay::crypto;
using namespace std::string_view_literals;

namespace {

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) bytes.push_back(static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

}  // namespace

TEST_CASE("base64 and base64url give the texts of RFC 4648, section 10") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64url("fo") == "Zm8");
  CHECK(base64url("\xfb\xff\xbf"sv) == "-_-_");
  CHECK(base64("\xfb\xff\xbf"sv) == "+/+/");
}

TEST_CASE("base64url refuses padding, foreign characters, a lone character and trailing bits") {
  CHECK(from_base64url("Zm8") == "fo");
  CHECK(from_base64url("") == "");
  for (const auto text : {"Zm8=", "Zg==", "Zm9", "Z", "Zm9vY", "Zm+v", "Zm/v", "Zm 8", "Zm8\n", "Zh"}) {
    INFO(text);
    CHECK_FALSE(from_base64url(text).has_value());
  }
  CHECK_FALSE(from_base64url("Zm\0v"sv).has_value());
}

TEST_CASE("base64 refuses missing or misplaced padding") {
  CHECK(from_base64("Zm8=") == "fo");
  CHECK(from_base64("Zg==") == "f");
  for (const auto text : {"Zm8", "Z===", "Zg=a", "=Zg=", "Zm9v=", "Zh==", "Zm-v", "===="}) {
    INFO(text);
    CHECK_FALSE(from_base64(text).has_value());
  }
}

TEST_CASE("what was encoded decodes to itself, whatever the bytes") {
  CHECK(rc::check([](const std::string& bytes) {
    RC_ASSERT(from_base64(base64(bytes)) == bytes);
    RC_ASSERT(from_base64url(base64url(bytes)) == bytes);
    RC_ASSERT(from_hex(hex(bytes)) == bytes);
  }));
}

TEST_CASE("only one text decodes to given bytes") {
  CHECK(rc::check([](const std::string& text) {
    const auto bytes = from_base64url(text);
    if (bytes) RC_ASSERT(base64url(*bytes) == text);
  }));
}

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("HMAC-SHA-256 gives the codes of RFC 4231") {
  CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("comparison in constant time says what == says") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "abcd"));
}

TEST_CASE("random bytes come in the length asked for, and differ") {
  CHECK(random_bytes(0).empty());
  CHECK(random_bytes(32).size() == 32);
  CHECK(random_bytes(32) != random_bytes(32));
}

TEST_CASE("a version 7 UUID is laid out as in RFC 9562, appendix A.6") {
  // The bits version and variant overwrite are set to something else here.
  CHECK(uuid_v7(1'645'557'742'000, from_hex("fcc318c4dc0c0c07398f")) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST_CASE("version 7 UUIDs sort by their time") {
  CHECK(rc::check([](std::uint32_t earlier, std::uint16_t gap) {
    const auto first = uuid_v7(earlier, std::string(10, '\xff'));
    const auto second = uuid_v7(std::int64_t{earlier} + gap + 1, std::string(10, '\0'));
    RC_ASSERT(is_uuid(first));
    RC_ASSERT(first < second);
  }));
}

TEST_CASE("a UUID has lower-case digits and dashes in their places") {
  CHECK(is_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  for (const auto text : {"", "017F22E2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                          "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f"}) {
    INFO(text);
    CHECK_FALSE(is_uuid(text));
  }
}

TEST_CASE("codes for reading aloud hold no I, L, O or U") {
  CHECK(base32_crockford("") == "");
  CHECK(base32_crockford("foobar") == "CSQPYRK1E8");
  CHECK(base32_crockford("\xff"sv) == "ZW");
  CHECK(rc::check([](const std::string& bytes) { RC_ASSERT(base32_crockford(bytes).find_first_of("ILOU") == std::string::npos); }));
}
