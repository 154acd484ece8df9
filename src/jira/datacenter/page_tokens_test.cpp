// The bearer tokens of our own pages: only this server makes them, and what it wrote is what it reads.
#include "jira/datacenter/page_tokens.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;

namespace {

constexpr std::string_view kOtherKey = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHgA=\n";

PageTokens tokens_of(std::string_view keys) { return PageTokens{crypto::Sealer::from_key_file(keys).value()}; }
PageToken token() { return {.installation = InstallationId{"datacenter:acme"}, .account = AccountId{"JIRAUSER10100"}, .expires_at = from_iso8601("2027-01-15T08:00:00.250Z").value()}; }

/// Sealed with the server's own key, as no other part of it does.
std::string sealed(std::string_view content, std::string_view context = "datacenter/page_token") {
  return std::string(kPageTokenPrefix) + crypto::Sealer::from_key_file(kKeys).value().seal(content, context);
}

}  // namespace

TEST_CASE("what was written is read: site, account and end, to the millisecond") {
  const auto tokens = tokens_of(kKeys);
  const auto read = tokens.read(tokens.write(token()));
  REQUIRE(read);
  CHECK(read->installation == token().installation);
  CHECK(read->account == token().account);
  CHECK(read->expires_at == token().expires_at);
}

TEST_CASE("whatever an account is called, it is read as it was") {
  const auto tokens = tokens_of(kKeys);
  CHECK(rc::check([&] {
    auto written = token();
    written.account = AccountId{*rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '\x7f')))};
    const auto read = tokens.read(tokens.write(written));
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->account == written.account);
  }));
}

TEST_CASE("a token can stand in a header, begins as no other does, and shows nothing of what it holds") {
  const auto text = tokens_of(kKeys).write(token());
  CHECK(text.starts_with("belay-page."));
  CHECK(std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }));
  CHECK_FALSE(text.contains("JIRAUSER10100"));
  CHECK_FALSE(text.contains("acme"));
}

TEST_CASE("two tokens of one account are two") {
  const auto tokens = tokens_of(kKeys);
  CHECK(tokens.write(token()) != tokens.write(token()));
}

TEST_CASE("one that is over is read: whether it still counts is for the reader to say") {
  const auto tokens = tokens_of(kKeys);
  auto old = token();
  old.expires_at = Time{};
  CHECK(tokens.read(tokens.write(old)).value().expires_at == Time{});
}

TEST_CASE("not a letter of it can be altered, left out or added") {
  const auto tokens = tokens_of(kKeys);
  const auto good = tokens.write(token());
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto altered = good;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    CHECK_FALSE_MESSAGE(tokens.read(altered).has_value(), at);
    CHECK_FALSE_MESSAGE(tokens.read(good.substr(0, at)).has_value(), at);
  }
  CHECK_FALSE(tokens.read(good + "A"));
  CHECK_FALSE(tokens.read(" " + good));
  CHECK_FALSE(tokens.read(good.substr(kPageTokenPrefix.size())));
}

TEST_CASE("another server's token is none, and one of this server's older key is, as long as the key is kept") {
  const auto old = tokens_of(kOtherKey).write(token());
  CHECK_FALSE(tokens_of(kKeys).read(old));
  CHECK(tokens_of(std::string(kKeys) + std::string(kOtherKey)).read(old));
}

TEST_CASE("what this server sealed for another purpose is no token") {
  const std::string content = R"({"i":"datacenter:acme","a":"JIRAUSER10100","e":1800000000000})";
  const auto tokens = tokens_of(kKeys);
  CHECK(tokens.read(sealed(content)));
  CHECK_FALSE(tokens.read(sealed(content, "link/datacenter:acme/JIRAUSER10100/access_token")));
  CHECK_FALSE(tokens.read(sealed(content, "")));
}

TEST_CASE("a token that names no site or nobody is none, and one without an end was over long ago") {
  const auto tokens = tokens_of(kKeys);
  for (const auto* content : {"", "[]", "{}", R"({"i":"datacenter:acme","e":1})", R"({"a":"JIRAUSER10100","e":1})", R"({"i":"","a":"JIRAUSER10100","e":1})", R"({"i":"datacenter:acme","a":"","e":1})", R"({"i":"datacenter:acme","a":7,"e":1})"}) {
    CHECK_FALSE_MESSAGE(tokens.read(sealed(content)).has_value(), content);
  }
  CHECK(tokens.read(sealed(R"({"i":"datacenter:acme","a":"JIRAUSER10100"})")).value().expires_at == Time{});
}

TEST_CASE("what is too long is not even opened") {
  const auto tokens = tokens_of(kKeys);
  auto longest = token();
  longest.account = AccountId{std::string(2'048, 'x')};
  CHECK_FALSE(tokens.read(tokens.write(longest)));
  CHECK_FALSE(tokens.read(std::string(kPageTokenPrefix) + std::string(1'000'000, 'A')));
  CHECK_FALSE(tokens.read(""));
  CHECK_FALSE(tokens.read(kPageTokenPrefix));
}
