#include "sandbox/jira_cloud/document.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox::jira_cloud {
namespace {

json::value document(std::string_view content) { return *json::parse(R"({"type":"doc","version":1,"content":[)" + std::string(content) + "]}"); }

constexpr std::string_view kGood =
    R"({"type":"paragraph","content":[{"type":"text","text":"See "},{"type":"text","text":"here","marks":[{"type":"link","attrs":{"href":"https://example.com"}}]},{"type":"hardBreak"},)"
    R"({"type":"mention","attrs":{"id":"5f","text":"@Ana"}},{"type":"date","attrs":{"timestamp":"1795346971000"}}]})";

TEST_CASE("a document with links, mentions and dates is taken") { CHECK_FALSE(document_problem(document(kGood))); }

TEST_CASE("what Jira refuses is refused") {
  CHECK(document_problem(document(R"({"type":"text","text":"bare text"})")));
  CHECK(document_problem(document(R"({"type":"paragraph","content":[{"type":"text","text":""}]})")));
  CHECK(document_problem(document(R"({"type":"paragraph","content":[{"type":"marquee"}]})")));
  CHECK(document_problem(document(R"({"type":"paragraph","content":[{"type":"paragraph"}]})")));
  CHECK(document_problem(document(R"({"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"link","attrs":{}}]}]})")));
  CHECK(document_problem(document(R"({"type":"paragraph","content":[{"type":"date","attrs":{"timestamp":"tomorrow"}}]})")));
  CHECK(document_problem(document(R"({"type":"paragraph","onclick":"x"})")));
  CHECK(document_problem(json::value("only text")));
  CHECK(document_problem(*json::parse(R"({"type":"doc","content":[]})")));
}

TEST_CASE("who is mentioned is known") { CHECK(mentioned_accounts(document(kGood)) == json::array{"5f"}); }

TEST_CASE("length counts characters, not bytes") { CHECK(document_length(document(R"({"type":"paragraph","content":[{"type":"text","text":"åé"}]})")) == 3); }

TEST_CASE("shown as HTML, text stays text and a javascript link is none") {
  const DocumentReader reader{[](std::string_view) { return std::string("<b>Ana</b>"); }, "en-US"};
  const auto html = document_html(document(R"({"type":"paragraph","content":[{"type":"text","text":"<script>x</script>"},{"type":"text","text":"go","marks":[{"type":"link","attrs":{"href":"javascript:x"}}]},{"type":"mention","attrs":{"id":"1"}}]})"), reader);
  CHECK_FALSE(html.contains("<script>"));
  CHECK_FALSE(html.contains("javascript:"));
  CHECK(html.contains("@<bdi>&lt;b&gt;Ana&lt;/b&gt;</bdi>"));
}

TEST_CASE("a date node shows the day in the reader's language") {
  CHECK(day_in_words(1795346971000, "en-US") == "22 Nov 2026");
  CHECK(day_in_words(1795346971000, "fr-FR") == "22 nov. 2026");
}

}  // namespace
}  // namespace belay::sandbox::jira_cloud
