#include "sandbox/server/recording.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox {
namespace {

TEST_CASE("tokens and supporter links do not get into the recording, session codes do") {
  const auto text = without_secrets("application/json", R"({"access_token":"aaa","refresh_token":"bbb","code":"s119-457-589","supporter_link":"https://x/s-secret","list":[{"client_secret":"ccc"}]})");
  CHECK_FALSE(text.contains("aaa"));
  CHECK_FALSE(text.contains("bbb"));
  CHECK_FALSE(text.contains("ccc"));
  CHECK_FALSE(text.contains("s-secret"));
  CHECK(text.contains("s119-457-589"));
}

TEST_CASE("the authorization code of a token request is a secret") {
  const auto text = without_secrets("application/x-www-form-urlencoded", "grant_type=authorization_code&code=abc&client_secret=def&client_id=ghi");
  CHECK_FALSE(text.contains("abc"));
  CHECK_FALSE(text.contains("def"));
  CHECK(text.contains("client_id=ghi"));
}

}  // namespace
}  // namespace belay::sandbox
