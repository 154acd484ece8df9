#include "crypto/jws.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <thread>

#include <boost/json/serialize.hpp>

#include "crypto/digest.hpp"

using namespace belay;
using namespace belay::crypto;

namespace {

// RFC 7515, appendix A.2. The RFC's key has no kid; the set needs one to find it by.
constexpr std::string_view kRfc7515Key = R"({"kty":"RSA","kid":"rfc7515",
 "n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
 "e":"AQAB"})";
constexpr std::string_view kRfc7515Token =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

// RFC 7520, sections 3.3 and 4.1. Its payload is not JSON, so only the signature is checked.
constexpr std::string_view kRfc7520Key = R"({"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig",
 "n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw",
 "e":"AQAB"})";
constexpr std::string_view kRfc7520Input =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9."
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlv"
    "dXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
constexpr std::string_view kRfc7520Signature =
    "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWR"
    "a-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KL"
    "UQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";

json::object object(std::string_view text) { return json::parse_object(text).value(); }
VerifyingKey key(std::string_view jwk) { return VerifyingKey::from_jwk(object(jwk)).value(); }
std::string set_of(std::initializer_list<json::object> keys) {
  json::array list;
  for (const auto& entry : keys) list.push_back(entry);
  return boost::json::serialize(json::object{{"keys", list}});
}

// One pair for the whole file: making one takes a tenth of a second.
const SigningKey& signing_key() {
  static const auto made = SigningKey::generate("key-1");
  return made;
}

}  // namespace

TEST_CASE("the RS256 signature of RFC 7515, appendix A.2, verifies") {
  const auto token = parse_token(kRfc7515Token).value();
  CHECK(token.payload.at("iss") == "joe");
  CHECK(key(kRfc7515Key).verifies(token.signing_input, token.signature));
  CHECK_FALSE(key(kRfc7520Key).verifies(token.signing_input, token.signature));
}

TEST_CASE("the RS256 signature of RFC 7520, section 4.1, verifies") {
  CHECK(key(kRfc7520Key).verifies(kRfc7520Input, from_base64url(kRfc7520Signature).value()));
}

TEST_CASE("no altered message and no altered signature verifies") {
  const auto verifying = VerifyingKey::from_jwk(signing_key().public_jwk()).value();
  const auto text = signing_key().sign({{"n", 1}});
  const auto token = parse_token(text).value();
  REQUIRE(verifying.verifies(token.signing_input, token.signature));
  for (std::size_t i = 0; i < token.signature.size(); i += 7) {
    auto altered = token.signature;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CHECK_FALSE(verifying.verifies(token.signing_input, altered));
  }
  CHECK_FALSE(verifying.verifies(std::string(token.signing_input) + "A", token.signature));
  CHECK_FALSE(verifying.verifies(token.signing_input, ""));
  CHECK_FALSE(verifying.verifies(token.signing_input, token.signature.substr(1)));
  CHECK_FALSE(verifying.verifies(token.signing_input, token.signature + '\0'));
  CHECK_FALSE(verifying.verifies(token.signing_input, std::string(256, '\0')));
}

TEST_CASE("one key serves many checks, on several threads") {
  const auto verifying = VerifyingKey::from_jwk(signing_key().public_jwk()).value();
  const auto text = signing_key().sign({{"n", 1}});
  const auto token = parse_token(text).value();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 50; ++round) good += verifying.verifies(token.signing_input, token.signature) ? 1 : 0;
      });
    }
  }
  CHECK(good == 200);
}

TEST_CASE("a signing key survives being written as PEM") {
  const auto again = SigningKey::from_pem("key-1", signing_key().to_pem()).value();
  CHECK(again.public_jwk() == signing_key().public_jwk());
  CHECK(again.sign({{"n", 1}}) == signing_key().sign({{"n", 1}}));
  CHECK(SigningKey::from_pem("x", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n").error().code == "key_unusable");
}

TEST_CASE("a key that is not a strong RSA key for RS256 signatures is refused") {
  const auto refused = [](std::string_view member, const json::value& value) {
    auto jwk = object(kRfc7520Key);
    jwk[member] = value;
    const auto result = VerifyingKey::from_jwk(jwk);
    return !result && result.error().code == "jwk_unusable";
  };
  CHECK(refused("kty", "EC"));
  CHECK(refused("kty", "oct"));
  CHECK(refused("use", "enc"));
  CHECK(refused("alg", "PS256"));
  CHECK(refused("alg", "HS256"));
  CHECK(refused("alg", nullptr));
  CHECK(refused("key_ops", json::parse(R"(["sign"])").value()));
  CHECK_FALSE(refused("key_ops", json::parse(R"(["verify"])").value()));
  CHECK(refused("kid", json::value("")));
  CHECK(refused("kid", json::value(7)));
  CHECK(refused("e", "AQ"));
  CHECK(refused("e", json::value("Ag")));
  CHECK(refused("e", json::value("AAAAAAAB")));
  CHECK(refused("e", ""));
  CHECK(refused("n", ""));
  CHECK(refused("n", "AQAB"));
  CHECK(refused("n", json::value(base64url(std::string(128, '\xff')))));
  CHECK(refused("n", json::value(base64url(std::string(2048, '\xff')))));
  CHECK(refused("n", "n4EPtAOCc9Al="));
}

TEST_CASE("a key set finds keys by their kid and skips keys of another kind") {
  const json::object elliptic{{"kty", "EC"}, {"crv", "P-256"}, {"kid", "ec"}, {"x", "AA"}, {"y", "AA"}};
  const auto set = KeySet::parse(set_of({elliptic, object(kRfc7520Key), object(kRfc7515Key)})).value();
  CHECK(set.size() == 2);
  REQUIRE(set.find("rfc7515") != nullptr);
  CHECK(set.find("rfc7515")->id() == "rfc7515");
  CHECK(set.find("ec") == nullptr);
  CHECK(set.find("") == nullptr);
  CHECK(KeySet::parse(R"({"keys":[]})").value().size() == 0);
}

TEST_CASE("a document that is no key set, or names a kid twice, is refused whole") {
  for (const auto& text : {std::string(""), std::string("{}"), std::string("[]"), std::string(R"({"keys":{}})"), std::string(R"({"keys":[1]})"),
                           std::string(R"({"keys":[],"keys":[]})"), std::string("<html>502</html>"),
                           set_of({object(kRfc7520Key), object(kRfc7520Key)})}) {
    INFO(text);
    const auto set = KeySet::parse(text);
    REQUIRE_FALSE(set.has_value());
    CHECK(set.error().code == "jwks_invalid");
  }
  std::string many = R"({"keys":[)";
  for (int i = 0; i < 65; ++i) many += i == 0 ? "{}" : ",{}";
  CHECK_FALSE(KeySet::parse(many + "]}").has_value());
}

TEST_CASE("a token that has not the shape of one is refused, and the part is named") {
  const auto cause = [](std::string_view text) {
    const auto token = parse_token(text);
    return token ? std::string("accepted") : token.error().cause;
  };
  const auto object_part = base64url("{}");
  CHECK(cause(object_part + "." + object_part + ".AA") == "accepted");
  CHECK(cause("") == "not three parts");
  CHECK(cause("a.b") == "not three parts");
  CHECK(cause("a.b.c.d") == "not three parts");
  CHECK(cause("." + object_part + ".AA") == "header is not base64url");
  CHECK(cause(object_part + "..AA") == "payload is not base64url");
  CHECK(cause(object_part + "." + object_part + ".") == "signature is not base64url");
  CHECK(cause(object_part + "." + object_part + ".A=") == "signature is not base64url");
  CHECK(cause(base64url("[]") + "." + object_part + ".AA") == "header is not a JSON object");
  CHECK(cause(object_part + "." + base64url(R"({"a":1,"a":2})") + ".AA") == "payload is not a JSON object");
  CHECK(cause(object_part + "." + base64url("{\"a\":\"\xff\"}") + ".AA") == "payload is not a JSON object");
  CHECK(cause(std::string(16 * 1024 + 1, 'A')) == "more than 16 KiB");
}

TEST_CASE("parsing a token or a key set never throws") {
  CHECK(rc::check([](const std::string& text) {
    (void)parse_token(text);
    (void)parse_token(base64url(text) + "." + base64url(text) + "." + base64url(text));
    (void)KeySet::parse(text);
  }));
}
