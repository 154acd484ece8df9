// What holds for every text and every value, tried with random ones (RapidCheck).
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "support/code_points.hpp"
#include "support/customer_text.hpp"
#include "support/smart_values.hpp"

using namespace belay;
using namespace belay::support;

namespace {

// Texts made of the pieces that could confuse a reader of smart values, and of any bytes.
rc::Gen<std::string> any_text() {
  const auto piece = rc::gen::weightedOneOf<std::string>({
      {6, rc::gen::element<std::string>("{{session.link}}", "{{ session.code }}", "{{session.validUntil}}", "{{agent.name}}", "{{customer.name}}", "{{issue.key}}",
                                        "{{issue.summary}}", "{{site.name}}")},
      {4, rc::gen::element<std::string>("{", "}", "{{", "}}", "{{{", "}}}", "{{x}}", "{{}}", "{{session.link", "session.link}}")},
      {4, rc::gen::element<std::string>("\n", "\r\n", "\r", "\n\n", " ", "\t", "\xc2\xa0", "é", "🙂", "\u2028", "\u202e", "\xff", "\xed\xa0\x80", "\xf0\x9f")},
      {2, rc::gen::element<std::string>("Hello", "https://evil.example", "[~admin]", "javascript:alert(1)", "<b>", "@all")},
      {1, rc::gen::arbitrary<std::string>()},
  });
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const std::vector<std::string>& pieces) {
    std::string text;
    for (const auto& one : pieces) text += one;
    return text;
  });
}

rc::Gen<CustomerTextValues> any_values() {
  return rc::gen::build<CustomerTextValues>(
      rc::gen::set(&CustomerTextValues::session_link, rc::gen::oneOf(any_text(), rc::gen::just(std::string("https://get.teamviewer.example/v15/s1")))),
      rc::gen::set(&CustomerTextValues::session_code, any_text()),
      rc::gen::set(&CustomerTextValues::valid_until, rc::gen::map(rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000), from_millis)),
      rc::gen::set(&CustomerTextValues::agent_name, any_text()), rc::gen::set(&CustomerTextValues::agent_time_zone, rc::gen::oneOf(any_text(), rc::gen::element<std::string>("Europe/Paris", "Asia/Tokyo", "UTC"))),
      rc::gen::set(&CustomerTextValues::customer_name, rc::gen::map(any_text(), [](std::string name) { return name.empty() ? std::nullopt : std::optional(name); })), rc::gen::set(&CustomerTextValues::nobody_name, any_text()),
      rc::gen::set(&CustomerTextValues::issue_key, any_text()), rc::gen::set(&CustomerTextValues::issue_summary, any_text()),
      rc::gen::set(&CustomerTextValues::site_name, any_text()));
}

template <class Part>
std::size_t count_of(const Document& document) {
  std::size_t count = 0;
  for (const auto& paragraph : document.paragraphs) {
    count += static_cast<std::size_t>(std::ranges::count_if(paragraph, [](const Inline& part) { return std::holds_alternative<Part>(part); }));
  }
  return count;
}

std::size_t variables_named(std::string_view text, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(split_smart_values(text), [&](const TextPiece& piece) {
    return piece.kind == TextPiece::Kind::variable && piece.name == name;
  }));
}

bool is_clean(std::string_view text) {
  while (!text.empty()) {
    const auto point = first_code_point(text);
    if (!point.valid || (is_control(point.value) && point.value != U'\t')) return false;
    text.remove_prefix(point.bytes);
  }
  return true;
}

}  // namespace

TEST_CASE("property: the pieces of a text are the text again") {
  CHECK(rc::check("pieces", [] {
    const auto text = *any_text();
    std::string together;
    for (const auto& piece : split_smart_values(text)) {
      RC_ASSERT(!piece.typed.empty());
      together += piece.typed;
    }
    RC_ASSERT(together == text);
  }));
}

TEST_CASE("property: no value adds a link, a moment or a mention to those the text has") {
  CHECK(rc::check("nothing out of values", [] {
    const auto text = *any_text();
    const auto document = render_customer_text(text, *any_values());
    RC_ASSERT(count_of<Link>(document) <= variables_named(text, "session.link"));
    RC_ASSERT(count_of<Moment>(document) == variables_named(text, "session.validUntil"));
    RC_ASSERT(count_of<Mention>(document) == 0U);
  }));
}

TEST_CASE("property: values change no paragraph and no line of a text") {
  CHECK(rc::check("lines of the template", [] {
    const auto text = *any_text();
    auto values = *any_values();
    for (auto* value : {&values.session_link, &values.session_code, &values.agent_name, &values.nobody_name, &values.issue_key, &values.issue_summary, &values.site_name}) {
      *value += "x";
    }
    if (values.customer_name) *values.customer_name += "x";
    CustomerTextValues plain{.session_link = "x", .session_code = "x", .valid_until = {}, .agent_name = "x", .agent_time_zone = {}, .customer_name = "x",
                             .nobody_name = "x", .issue_key = "x", .issue_summary = "x", .site_name = "x"};
    const auto with = render_customer_text(text, values);
    const auto without = render_customer_text(text, plain);
    RC_ASSERT(with.paragraphs.size() == without.paragraphs.size());
    RC_ASSERT(count_of<LineBreak>(with) == count_of<LineBreak>(without));
  }));
}

TEST_CASE("property: a document carries clean text and no empty one, whatever came in") {
  CHECK(rc::check("clean", [] {
    const auto document = render_customer_text(*any_text(), *any_values());
    for (const auto& paragraph : document.paragraphs) {
      RC_ASSERT(!paragraph.empty());
      for (const auto& part : paragraph) {
        if (const auto* text = std::get_if<Text>(&part)) RC_ASSERT(!text->text.empty() && is_clean(text->text));
        if (const auto* link = std::get_if<Link>(&part)) RC_ASSERT(is_clean(link->url));
      }
    }
  }));
}

TEST_CASE("property: check and render agree: a text without problems leaves no brace unexpanded, one with a variable problem shows it") {
  CHECK(rc::check("agree", [] {
    const auto text = *any_text();
    const CustomerTextValues values{.session_link = "https://a.example/s", .session_code = "1", .valid_until = {}, .agent_name = "a", .agent_time_zone = {},
                                    .customer_name = "c", .nobody_name = "n", .issue_key = "k", .issue_summary = "s", .site_name = "i"};
    const auto shown = to_plain_text(render_customer_text(text, values));
    const auto problems = check_customer_text(text);
    const bool variable_problem = std::ranges::any_of(problems, [](const TextProblem& problem) {
      return problem.code == TextProblemCode::unknown_variable || problem.code == TextProblemCode::broken_variable;
    });
    const bool braces_left = shown.find("{{") != std::string::npos || shown.find("}}") != std::string::npos;
    if (variable_problem) RC_ASSERT(braces_left);
    // Removing a control character can bring two braces together; such a text is not saved either.
    if (problems.empty()) RC_ASSERT(!braces_left);
  }));
}

TEST_CASE("property: problems lie inside the text and do not overlap") {
  CHECK(rc::check("places", [] {
    const auto text = *any_text();
    const auto length = count_code_points(text);
    std::size_t behind = 0;
    for (const auto& problem : check_customer_text(text)) {
      RC_ASSERT(problem.offset >= behind);
      RC_ASSERT(problem.offset + problem.length <= length);
      behind = problem.offset + problem.length;
    }
  }));
}
