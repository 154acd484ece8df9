#include "jira/cloud/adf.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <fstream>

#include <boost/json/serialize.hpp>

#include "jira/hostile_text_test.hpp"
#include "jira/shown_text.hpp"
#include "net/message.hpp"
#include "support/customer_text.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::cloud;
using support::Document;
using support::Link;
using support::Mention;
using support::Moment;
using support::Paragraph;
using support::Text;

namespace {

const Time kMoment{std::chrono::seconds{1'800'000'000}};

json::object object(std::string_view text) { return json::parse_object(text).value(); }

// Keeps the rendering for the schema's own validator, when a test run asks for it.
json::object rendered(const Document& document, std::string_view name) {
  static int count = 0;
  auto adf = to_adf(document);
  if (const auto* folder = std::getenv("BELAY_ADF_OUT")) {
    std::ofstream file{std::string(folder) + "/" + std::string(name) + "-" + std::to_string(++count) + ".json"};
    file << boost::json::serialize(adf);
  }
  return adf;
}

struct Nodes {
  int links = 0;
  int mentions = 0;
  std::vector<std::string> texts;
};

void collect(const json::value& node, Nodes& nodes) {
  const auto& members = node.as_object();
  const auto type = json::string_at(members, "type").value();
  if (type == "mention") ++nodes.mentions;
  if (type == "text") nodes.texts.push_back(json::string_at(members, "text").value());
  if (members.contains("marks")) ++nodes.links;
  if (const auto* content = json::array_at(members, "content")) {
    for (const auto& child : *content) collect(child, nodes);
  }
}

Nodes nodes_of(const json::object& adf) {
  Nodes nodes;
  collect(adf, nodes);
  return nodes;
}

}  // namespace

TEST_CASE("an invitation becomes paragraphs, a link, a date, a mention and hard breaks") {
  const Document document{{
      Paragraph{Mention{AccountId{"account-1"}, "Amélie Durand"}, Text{", please join:"}},
      Paragraph{Link{"https://get.teamviewer.com/s12345678"}, support::LineBreak{}, Text{"Valid until "}, Moment{kMoment, "08:00 UTC"}},
  }};
  const auto expected = object(R"({"type":"doc","version":1,"content":[
    {"type":"paragraph","content":[
      {"type":"mention","attrs":{"id":"account-1","text":"@Amélie Durand"}},
      {"type":"text","text":", please join:"}]},
    {"type":"paragraph","content":[
      {"type":"text","text":"https://get.teamviewer.com/s12345678","marks":[{"type":"link","attrs":{"href":"https://get.teamviewer.com/s12345678"}}]},
      {"type":"hardBreak"},
      {"type":"text","text":"Valid until "},
      {"type":"date","attrs":{"timestamp":"1800000000000"}},
      {"type":"text","text":" 08:00 UTC"}]}]})");
  CHECK(rendered(document, "invitation") == expected);
}

TEST_CASE("a document of nothing is one paragraph of nothing, and empty texts leave no node") {
  const auto nothing = object(R"({"type":"doc","version":1,"content":[{"type":"paragraph","content":[]}]})");
  CHECK(rendered(Document{}, "empty") == nothing);
  CHECK(rendered(Document{{Paragraph{}, Paragraph{Text{""}, Text{"\n\x01"}}}}, "empty_texts") == nothing);
}

TEST_CASE("a link that is no web address stays text") {
  for (const auto url : {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "teamviewer10://x", "//evil.example", ""}) {
    INFO(url);
    CHECK(nodes_of(rendered(Document{{Paragraph{Text{"x"}, Link{url}}}}, "no_link")).links == 0);
  }
}

TEST_CASE("a mention without an account is the name as text") {
  const auto nodes = nodes_of(rendered(Document{{Paragraph{Mention{AccountId{""}, "Ann"}}}}, "nobody_mentioned"));
  CHECK(nodes.mentions == 0);
  CHECK(nodes.texts == std::vector<std::string>{"Ann"});
}

TEST_CASE("whatever a name holds, it is text: no link, no mention, no control character, no empty node") {
  CHECK(rc::check([] {
    const auto name = hostile_name();
    const auto adf = rendered(Document{{Paragraph{Text{name}, Text{*rc::gen::arbitrary<std::string>()}}}}, "hostile");
    const auto nodes = nodes_of(adf);
    RC_ASSERT(nodes.links == 0);
    RC_ASSERT(nodes.mentions == 0);
    for (const auto& text : nodes.texts) {
      RC_ASSERT(!text.empty());
      RC_ASSERT(without_control_characters(text) == text);
      RC_ASSERT(net::is_valid_utf8(text));
    }
  }));
}

TEST_CASE("a customer text filled with hostile values has exactly one link: the session's") {
  CHECK(rc::check([] {
    support::CustomerTextValues values;
    values.session_link = "https://get.teamviewer.com/s12345678";
    values.session_code = "s12-345-678";
    values.valid_until = kMoment;
    values.agent_name = hostile_name();
    values.customer_name = hostile_name();
    values.issue_key = "HELP-1";
    values.issue_summary = hostile_name();
    values.site_name = hostile_name();
    const auto document = support::render_customer_text(
        "Hello {{customer.name}},\n{{agent.name}} of {{site.name}} about {{issue.summary}}\n\n{{session.link}}\n{{session.validUntil}}", values);
    const auto nodes = nodes_of(rendered(document, "customer_text"));
    RC_ASSERT(nodes.links == 1);
    RC_ASSERT(nodes.mentions == 0);
    RC_ASSERT(std::ranges::count(nodes.texts, values.session_link) == 1);
  }));
}
