#include "support/customer_text.hpp"

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::support;

namespace {

CustomerTextValues example_values() {
  return {.session_link = "https://get.teamviewer.example/v15/s284613907",
          .session_code = "s284-613-907",
          .valid_until = *from_iso8601("2026-11-19T14:02:00Z"),
          .agent_name = "Mara Lindqvist",
          .agent_time_zone = "Europe/Paris",
          .customer_name = "Ana Ruiz",
          .nobody_name = "there",
          .issue_key = "HELP-12",
          .issue_summary = "Printer offline after update",
          .site_name = "Acme"};
}

Paragraph only_paragraph(std::string_view text, const CustomerTextValues& values = example_values()) {
  auto document = render_customer_text(text, values);
  REQUIRE(document.paragraphs.size() == 1);
  return document.paragraphs.front();
}

TextProblem only_problem(std::string_view text) {
  const auto problems = check_customer_text(text);
  REQUIRE(problems.size() == 1);
  return problems.front();
}

}  // namespace

TEST_CASE("the eight variables stand in the order of the admin page") {
  const auto variables = customer_text_variables();
  REQUIRE(variables.size() == 8);
  CHECK(variables.front() == "session.link");
  CHECK(variables[2] == "session.validUntil");
  CHECK(variables.back() == "site.name");
}

TEST_CASE("a text with the link and known variables can be saved") {
  CHECK(check_customer_text("Hello {{customer.name}},\r\n\r\njoin {{session.link}} by {{session.validUntil}}.\n\t{{agent.name}}").empty());
}

TEST_CASE("spaces inside the braces do not count, as in Jira Automation") {
  CHECK(check_customer_text("{{ session.link }} {{\tsession.code}} {{\xc2\xa0" "agent.name\xc2\xa0}}").empty());
  CHECK(only_paragraph("{{ issue.key }}") == Paragraph{Text{"HELP-12"}});
}

TEST_CASE("an unknown variable is refused with its place in characters, not bytes") {
  const auto problem = only_problem("Ça va ? 🙂 {{session.link}} {{ session.lnik }}");
  CHECK(problem == TextProblem{TextProblemCode::unknown_variable, 27, 18, "session.lnik"});
}

TEST_CASE("names are compared exactly") {
  CHECK(only_problem("{{session.link}}{{Session.Code}}").code == TextProblemCode::unknown_variable);
  CHECK(only_problem("{{session.link}}{{issue.summary.upper}}").name == "issue.summary.upper");
}

TEST_CASE("broken smart values are refused with what was meant") {
  struct Case { const char* text; std::size_t offset, length; const char* name; };
  for (const auto& [text, offset, length, name] : {
           Case{"{{session.link}} {{", 17, 2, ""},
           Case{"{{session.link}} {{}}", 17, 4, ""},
           Case{"{{session.link}} {{  }}", 17, 6, ""},
           Case{"{{session.link}} {{agent.name and more", 17, 12, "agent.name"},
           Case{"{{session.link}} {{agent.name\n}}", 17, 12, "agent.name"},
           Case{"{{session.link}} {{agent.name} and", 17, 13, "agent.name"},
           Case{"{{session.link}} {{{agent.name}}} and", 17, 16, "agent.name"},
           Case{"{{session.link}} {{agent.name}}} and", 17, 15, "agent.name"},
           Case{"{{session.link}} agent.name}}", 27, 2, ""},
       }) {
    CAPTURE(text);
    const auto problems = check_customer_text(text);
    REQUIRE(!problems.empty());
    CHECK(problems.front() == TextProblem{TextProblemCode::broken_variable, offset, length, name});
  }
}

TEST_CASE("single braces are text") {
  CHECK(check_customer_text("{session.code} } { {{session.link}}").empty());
  CHECK(only_paragraph("{session.code}") == Paragraph{Text{"{session.code}"}});
}

TEST_CASE("a text without the link is refused, since nobody could join") {
  CHECK(only_problem("Hello") == TextProblem{TextProblemCode::missing_link, 0, 0, ""});
  CHECK(only_problem("").code == TextProblemCode::missing_link);
  CHECK(check_customer_text("{{session.link").front().code == TextProblemCode::missing_link);
}

TEST_CASE("4,000 characters can be saved, 4,001 cannot, whatever their bytes") {
  std::string text = "{{session.link}}";
  while (text.size() < 16 + (kCustomerTextLimit - 16) * 2) text += "é";
  CHECK(check_customer_text(text).empty());
  CHECK(only_problem(text + "é") == TextProblem{TextProblemCode::too_long, 0, 0, ""});
}

TEST_CASE("control characters and broken UTF-8 are refused, a run of them once") {
  CHECK(only_problem("{{session.link}}\x01\x02.") == TextProblem{TextProblemCode::invalid_character, 16, 2, ""});
  CHECK(only_problem("{{session.link}}\xff") == TextProblem{TextProblemCode::invalid_character, 16, 1, ""});
  CHECK(only_problem("{{session.link}}\rx").code == TextProblemCode::invalid_character);
  CHECK(only_problem("{{session.link}}\xed\xa0\x80").length == 3);  // a surrogate
}

TEST_CASE("problems come in order of place, those of the whole text first") {
  const auto problems = check_customer_text("{{a}} \x01 {{b");
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].code == TextProblemCode::missing_link);
  CHECK(problems[1].code == TextProblemCode::unknown_variable);
  CHECK(problems[2].code == TextProblemCode::invalid_character);
  CHECK(problems[3].code == TextProblemCode::broken_variable);
}

TEST_CASE("a blank line separates paragraphs, a newline is a hard break, CRLF counts as a newline") {
  const auto document = render_customer_text("One\r\ntwo\n \t \n\n\r\nthree\n\n", example_values());
  CHECK(document == Document{{Paragraph{Text{"One"}, LineBreak{}, Text{"two"}}, Paragraph{Text{"three"}}}});
}

TEST_CASE("every variable is expanded, and only the session link becomes a link") {
  const auto paragraph = only_paragraph(
      "{{session.link}} {{session.code}} {{session.validUntil}} {{agent.name}} {{customer.name}} {{issue.key}} {{issue.summary}} {{site.name}}");
  REQUIRE(paragraph.size() == 4);
  CHECK(paragraph[0] == Inline{Link{"https://get.teamviewer.example/v15/s284613907"}});
  CHECK(paragraph[1] == Inline{Text{" s284-613-907 "}});
  CHECK(paragraph[2] == Inline{Moment{*from_iso8601("2026-11-19T14:02:00Z"), "14:02 UTC (15:02 Europe/Paris)"}});
  CHECK(paragraph[3] == Inline{Text{" Mara Lindqvist Ana Ruiz HELP-12 Printer offline after update Acme"}});
}

TEST_CASE("nobody in particular is called by the catalogue's word") {
  auto values = example_values();
  values.customer_name.reset();
  CHECK(only_paragraph("Hello {{customer.name}}", values) == Paragraph{Text{"Hello there"}});
}

TEST_CASE("a value is data: smart values, markup and addresses in it stay text") {
  auto values = example_values();
  values.issue_summary = "{{session.code}} [x|https://evil.example] <b>@all</b> {{session.link}}";
  values.agent_name = "{{";
  values.customer_name = "session.link}}";
  CHECK(only_paragraph("{{issue.summary}}", values) == Paragraph{Text{values.issue_summary}});
  CHECK(only_paragraph("{{agent.name}}{{customer.name}}", values) == Paragraph{Text{"{{session.link}}"}});
}

TEST_CASE("a value stays on its line: newlines become a space, controls and turned text go away") {
  auto values = example_values();
  values.issue_summary = "a\r\n\r\nb\tc\x01\u202e" "d\u2028" "e\xff";
  CHECK(only_paragraph("{{issue.summary}}", values) == Paragraph{Text{"a b cd e\u{fffd}"}});
}

TEST_CASE("a link that is no web address is text") {
  auto values = example_values();
  for (const char* link : {"javascript:alert(1)", "https://a.example/ b", "https://a.example/\n", ""}) {
    values.session_link = link;
    CAPTURE(link);
    for (const auto& paragraph : render_customer_text("{{session.link}}", values).paragraphs) CHECK(std::holds_alternative<Text>(paragraph.front()));
  }
}

TEST_CASE("a javascript link typed into the text stays text") {
  CHECK(only_paragraph("javascript:alert(1) https://evil.example") == Paragraph{Text{"javascript:alert(1) https://evil.example"}});
}

TEST_CASE("what cannot be expanded stands as it was typed") {
  CHECK(only_paragraph("{{ nobody }} {{session.link and }}") == Paragraph{Text{"{{ nobody }} {{session.link and }}"}});
}

TEST_CASE("a paragraph of empty values is left out") {
  auto values = example_values();
  values.site_name.clear();
  const auto document = render_customer_text("{{site.name}}\n{{site.name}}\n\nend", values);
  CHECK(document == Document{{Paragraph{Text{"end"}}}});
}

TEST_CASE("the time is said in UTC and in the agent's zone, summer time included") {
  CHECK(time_in_zones(*from_iso8601("2026-11-19T14:02:59Z"), "Europe/Paris") == "14:02 UTC (15:02 Europe/Paris)");
  CHECK(time_in_zones(*from_iso8601("2026-07-19T14:02:00Z"), "Europe/Paris") == "14:02 UTC (16:02 Europe/Paris)");
  CHECK(time_in_zones(*from_iso8601("2026-11-19T14:02:00Z"), "Asia/Kathmandu") == "14:02 UTC (19:47 Asia/Kathmandu)");
}

TEST_CASE("another day in the agent's zone is said") {
  CHECK(time_in_zones(*from_iso8601("2026-11-19T14:02:00Z"), "Europe/Lisbon") == "14:02 UTC");
  CHECK(time_in_zones(*from_iso8601("2026-07-19T14:02:00Z"), "Europe/Lisbon") == "14:02 UTC (15:02 Europe/Lisbon)");
  CHECK(time_in_zones(*from_iso8601("2026-12-31T23:30:00Z"), "Europe/Paris") == "23:30 UTC (2027-01-01 00:30 Europe/Paris)");
  CHECK(time_in_zones(*from_iso8601("2026-12-01T03:30:00Z"), "America/New_York") == "03:30 UTC (2026-11-30 22:30 America/New_York)");
}

TEST_CASE("an unknown, empty or UTC zone leaves UTC alone") {
  const auto at = *from_iso8601("2026-11-19T14:02:00Z");
  for (const char* zone : {"", "UTC", "Etc/UTC", "Mars/Olympus", "../../etc/passwd", "Europe/Paris\n", "Europe"}) {
    CAPTURE(zone);
    CHECK(time_in_zones(at, zone) == "14:02 UTC");
  }
}

TEST_CASE("plain text, for mails: links as addresses, moments with their day") {
  const Document document{{Paragraph{Text{"Join "}, Link{"https://a.example/s1"}, LineBreak{}, Moment{*from_iso8601("2026-11-19T14:02:00Z"), "14:02 UTC"}},
                           Paragraph{Mention{AccountId{"712020:ana"}, "Ana"}, Text{", see you"}}}};
  CHECK(to_plain_text(document) == "Join https://a.example/s1\n2026-11-19 14:02 UTC\n\n@Ana, see you");
}
