#include "sandbox/jira_datacenter/plugin_descriptor.hpp"

#include <doctest/doctest.h>

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kPanel = R"(<web-panel key="p" location="atl.jira.view.issue.right.context"><resource name="view" type="velocity" location="t.vm"/></web-panel>)";

std::string plugin(std::string_view more) { return "<atlassian-plugin>" + std::string(kPanel) + std::string(more) + "</atlassian-plugin>"; }

}  // namespace

TEST_CASE("a panel, what loads with the issue view and not elsewhere, and links with their server") {
  const auto read = read_descriptor(plugin(R"(
    <!-- <web-item section="no"><label>No</label><link>https://no.example/</link></web-item> -->
    <web-resource key="a"><resource type="download" name="a.css" location="css/a.css"/><resource type="download" name="a.js" location="js/a.js"/><context>jira.view.issue</context></web-resource>
    <web-resource key="b"><resource type="download" name="b.js" location="js/b.js"/><context>atl.general</context></web-resource>
    <web-item key="one" section="system.top.navigation.bar"><label key="words.one"/><link linkId="l">https://support.example.com/a?b=1&amp;c=2</link></web-item>
    <web-item key="two" section="system.user.options/personal"><label>Two &lt; three</label><link>/two</link></web-item>)"));
  REQUIRE(read);
  CHECK(read->panel_template == "t.vm");
  CHECK(read->resources == std::vector<std::string>{"css/a.css", "js/a.js"});
  REQUIRE(read->items.size() == 2);
  CHECK(read->items[0].is_key);
  CHECK(read->items[0].label == "words.one");
  CHECK(read->items[0].link == "https://support.example.com/a?b=1&c=2");
  CHECK(read->items[1].label == "Two < three");
  CHECK(read->origins() == std::vector<std::string>{"https://support.example.com"});
}

TEST_CASE("what needs Java, and what has no panel, is refused") {
  CHECK(!read_descriptor(plugin(R"(<web-item section="s" class="com.example.Item"><label>L</label><link>/</link></web-item>)")));
  CHECK(!read_descriptor("<atlassian-plugin></atlassian-plugin>"));
  CHECK(!read_descriptor(plugin("<web-item section=\"s\"><label>L</label></web-item>")));
}

TEST_CASE("words are Latin-1 with escapes, and come out as UTF-8") {
  const auto words = read_words("# no\na.b=Mes sessions d\\u2019assistance\n c = caf\xE9 \nempty=\n");
  CHECK(words.at("a.b") == "Mes sessions d\u2019assistance");
  CHECK(words.at("c") == "caf\u00E9");
  CHECK(words.at("empty").empty());
  CHECK(!words.contains("# no"));
}

}  // namespace belay::sandbox::jira_datacenter
