// The examples of docs/customer-text.md are what they say: each text block becomes the document and the wiki markup behind it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "jira/cloud/adf.hpp"
#include "jira/datacenter/wiki.hpp"
#include "support/customer_text.hpp"

using namespace belay;

namespace {

support::CustomerTextValues values_of_the_page() {
  return {.session_link = "https://get.teamviewer.example/v15/s284613907",
          .session_code = "s284-613-907",
          .valid_until = *from_iso8601("2026-11-19T14:02:00Z"),
          .agent_name = "Mara Lindqvist",
          .agent_time_zone = "Europe/Paris",
          .customer_name = "Ana Ruiz",
          .nobody_name = "there",
          .issue_key = "HELP-12",
          .issue_summary = "Printer {{session.code}} <b>offline</b> [~admin]",
          .site_name = "example.atlassian.net"};
}

std::string page() {
  const char* root = std::getenv("BELAY_SOURCE_DIR");
  std::ifstream file{std::string(root != nullptr ? root : ".") + "/docs/customer-text.md"};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The content of the first block of that language from `place` on; `place` moves behind it.
std::optional<std::string> next_block(const std::string& text, std::string_view language, std::size_t& place) {
  const auto fence = "\n```" + std::string(language) + "\n";
  const auto begin = text.find(fence, place);
  if (begin == std::string::npos) return std::nullopt;
  const auto content = begin + fence.size();
  const auto end = text.find("\n```", content);
  if (end == std::string::npos) return std::nullopt;
  place = end;
  return text.substr(content, end - content);
}

// On the page what nobody sees is written as ⁜.
std::string with_joiners(std::string text) {
  constexpr std::string_view kShown = "⁜";
  for (auto at = text.find(kShown); at != std::string::npos; at = text.find(kShown)) text.replace(at, kShown.size(), "\u2060");
  return text;
}

}  // namespace

TEST_CASE("the examples of the page about the customer text are exact") {
  const auto text = page();
  std::size_t place = text.find("## Examples");
  REQUIRE(place != std::string::npos);
  int examples = 0;
  while (const auto example = next_block(text, "text", place)) {
    const auto expected = next_block(text, "json", place);
    REQUIRE(expected.has_value());
    const auto document = json::parse_object(*expected);
    REQUIRE(document.has_value());
    const auto rendered = support::render_customer_text(*example, values_of_the_page());
    const auto actual = jira::cloud::to_adf(rendered);
    INFO(boost::json::serialize(actual));
    CHECK(bool(actual == *document));  // whatever the order of members
    const auto wiki = next_block(text, "wiki", place);
    REQUIRE(wiki.has_value());
    CHECK(jira::datacenter::to_wiki(rendered, {}) == with_joiners(*wiki));
    ++examples;
  }
  CHECK(examples >= 4);
}
