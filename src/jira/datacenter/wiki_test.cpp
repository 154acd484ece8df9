#include "jira/datacenter/wiki.hpp"

#include <cstdlib>
#include <fstream>

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/json.hpp"
#include "jira/hostile_text_test.hpp"
#include "jira/shown_text.hpp"
#include "net/message.hpp"
#include "support/customer_text.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::datacenter;
using support::Document;
using support::LineBreak;
using support::Link;
using support::Mention;
using support::Moment;
using support::Paragraph;
using support::Text;

namespace {

const Usernames kUsernames{{AccountId{"JIRAUSER10100"}, "priya.raman"}, {AccountId{"JIRAUSER10200"}, "x] [~admin"}};
const std::string kJoiner = "\u2060";

json::array plain_of(const Document& document) {
  json::array paragraphs;
  for (const auto& paragraph : document.paragraphs) {
    json::array parts;
    for (const auto& part : paragraph) {
      if (const auto* text = std::get_if<Text>(&part)) parts.push_back(json::object{{"text", without_control_characters(text->text)}});
      if (const auto* link = std::get_if<Link>(&part)) parts.push_back(json::object{{is_web_address(link->url) ? "link" : "text", link->url}});
      if (std::holds_alternative<LineBreak>(part)) parts.push_back(json::object{{"break", true}});
    }
    paragraphs.push_back(std::move(parts));
  }
  return paragraphs;
}

// Keeps what became of it, for Atlassian's own parser, when a test run asks for it: one JSON object a line.
std::string rendered(const Document& document) {
  auto wiki = to_wiki(document, kUsernames);
  if (const auto* path = std::getenv("BELAY_WIKI_OUT")) {
    std::ofstream file{path, std::ios::app};
    file << boost::json::serialize(json::object{{"wiki", wiki}, {"document", plain_of(document)}}) << '\n';
  }
  return wiki;
}

std::string of_text(std::string text) { return rendered(Document{{Paragraph{Text{std::move(text)}}}}); }

}  // namespace

TEST_CASE("an invitation becomes paragraphs, a link, a moment, a mention and line breaks") {
  const Document document{{
      Paragraph{Mention{AccountId{"JIRAUSER10100"}, "Priya Raman"}, Text{", join when you are ready:"}},
      Paragraph{Link{"https://get.teamviewer.com/v15/s12345678"}, LineBreak{}, Text{"Valid until "}, Moment{Time{std::chrono::seconds{1'800'000'000}}, "08:00 UTC (09:00 Europe/Paris)"}},
  }};
  CHECK(to_wiki(document, kUsernames) == "[~priya.raman], join when you are ready:\n\n[https://get.teamviewer.com/v15/s12345678]\nValid until 2027\\-01\\-15 08:00 UTC \\(09:00 Europe/Paris\\)");
}

TEST_CASE("what would be markup is escaped, and what no backslash helps against is broken up") {
  CHECK(of_text("*b* _i_ -s- {code} [x|y] !z.png! ??c?? #1 (y) a@b.example") == "\\*b\\* \\_i\\_ \\-s\\- \\{code\\} \\[x\\|y\\] \\!z.png\\! \\?\\?c\\?\\? \\#1 \\(y\\) a\\@b.example");
  CHECK(of_text("https://evil.example :P &amp; &#91; 12:30, done: yes") ==
        "https:" + kJoiner + "//evil.example :" + kJoiner + "P &" + kJoiner + "amp; &" + kJoiner + "\\#91; 12:30, done: yes");
  CHECK(of_text("h1. x") == "h1" + kJoiner + ". x");
  CHECK(of_text("  BQ. x") == "  BQ" + kJoiner + ". x");
  CHECK(of_text("see h1. x") == "see h1. x");
  CHECK(of_text("a\\b\\\\*") == "a\\" + kJoiner + "b\\" + kJoiner + "\\" + kJoiner + "\\*");
}

TEST_CASE("two texts side by side are markup no more than one") {
  CHECK(rendered(Document{{Paragraph{Text{"http"}, Text{"s:"}, Text{"//evil.example"}}}}) == "https:" + kJoiner + "//evil.example");
  CHECK(rendered(Document{{Paragraph{Text{"x\\"}, Link{"https://a.example/"}}}}) == "x\\" + kJoiner + "[https://a.example/]");
}

TEST_CASE("a line break is one, however many there are, and ends no paragraph") {
  CHECK(rendered(Document{{Paragraph{Text{"a"}, LineBreak{}, Text{" "}, LineBreak{}, Text{"* b"}}}}) == "a\n " + kJoiner + "\n\\* b");
  CHECK(rendered(Document{{Paragraph{LineBreak{}, Text{"x"}}}}) == kJoiner + "\nx");
  CHECK(rendered(Document{{Paragraph{Text{" "}, LineBreak{}}}}).empty());
  CHECK(rendered(Document{}).empty());
  CHECK(rendered(Document{{Paragraph{}, Paragraph{Text{"\n"}}, Paragraph{Text{"x"}}}}) == "x");
}

TEST_CASE("a mention takes a name to sign in with, and one that is a plain name") {
  CHECK(to_wiki(Document{{Paragraph{Mention{AccountId{"JIRAUSER10200"}, "Ann [~admin]"}}}}, kUsernames) == "Ann \\[\\~admin\\]");
  CHECK(to_wiki(Document{{Paragraph{Mention{AccountId{"JIRAUSER1"}, "Ann"}}}}, kUsernames) == "Ann");
}

TEST_CASE("the link keeps to its brackets, and is no markup within them") {
  CHECK(rendered(Document{{Paragraph{Link{"https://a.example/x_y/s12-345-678?a=*b*|c]&d=-e-#f(x)"}}}}) ==
        "[https://a.example/x_y/s12-345-678?a=%2Ab%2A%7Cc%5D&d=%2De%2D#f%28x%29]");
  CHECK(rendered(Document{{Paragraph{Link{"javascript:alert(1)"}}}}) == "javascript:" + kJoiner + "alert\\(1\\)");
}

TEST_CASE("whatever a name holds, it is text on one line") {
  CHECK(rc::check([] {
    const auto wiki = of_text(hostile_name() + *rc::gen::arbitrary<std::string>());
    RC_ASSERT(!wiki.contains('\n'));
    RC_ASSERT(net::is_valid_utf8(wiki));
  }));
}

TEST_CASE("a customer text filled with hostile values has exactly one link: the session's") {
  CHECK(rc::check([] {
    support::CustomerTextValues values;
    values.session_link = "https://get.teamviewer.com/v15/s12345678";
    values.session_code = "s12-345-678";
    values.valid_until = Time{std::chrono::seconds{1'800'000'000}};
    values.agent_name = hostile_name();
    values.customer_name = hostile_name();
    values.issue_key = "HELP-1";
    values.issue_summary = hostile_name();
    values.site_name = hostile_name();
    auto document = support::render_customer_text("Hello {{customer.name}},\n{{agent.name}} of {{site.name}} about {{issue.key}} {{issue.summary}}\n\n{{customer.name}}{{session.link}}{{issue.summary}}", values);
    document.paragraphs.push_back(Paragraph{Text{hostile_name()}, Text{hostile_name()}, LineBreak{}, Text{hostile_name()}});
    const auto wiki = rendered(document);
    const auto link = '[' + values.session_link + ']';
    const auto first = wiki.find(link);
    RC_ASSERT(first != std::string::npos);
    RC_ASSERT(wiki.find(link, first + 1) == std::string::npos);
  }));
}
