#include "support/customer_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/core.h>

#include "support/code_points.hpp"
#include "support/smart_values.hpp"
#include "support/time_zone.hpp"

namespace belay::support {
namespace {

constexpr std::string_view kSessionLink = "session.link";
constexpr std::string_view kValidUntil = "session.validUntil";
constexpr std::array<std::string_view, 8> kVariables{kSessionLink, "session.code", kValidUntil,     "agent.name",
                                                     "customer.name", "issue.key", "issue.summary", "site.name"};

bool is_known(std::string_view name) { return std::ranges::find(kVariables, name) != kVariables.end(); }

// ---- checking ----

// A newline, alone or as CRLF, and a tab are the only control characters of a text.
bool is_allowed(const CodePoint& point, std::string_view from_here) {
  if (!point.valid) return false;
  if (point.value == U'\n' || point.value == U'\t') return true;
  if (point.value == U'\r') return from_here.substr(1).starts_with('\n');
  return !is_control(point.value);
}

// One problem for each run of characters that cannot stand in a text. Gives back the length in code points.
std::size_t check_characters(std::string_view text, std::size_t offset, std::vector<TextProblem>& problems) {
  std::size_t count = 0;
  bool in_run = false;
  for (; !text.empty(); ++count) {
    const auto point = first_code_point(text);
    const bool allowed = is_allowed(point, text);
    if (!allowed && in_run) ++problems.back().length;
    if (!allowed && !in_run) problems.push_back({.code = TextProblemCode::invalid_character, .offset = offset + count, .length = 1, .name = {}});
    in_run = !allowed;
    text.remove_prefix(point.bytes);
  }
  return count;
}

// ---- rendering ----

bool is_web_address(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  return url.find(' ') == std::string_view::npos && to_one_line(url) == url;
}

Inline expand(std::string_view name, const CustomerTextValues& values) {
  if (name == kSessionLink) {
    if (is_web_address(values.session_link)) return Link{values.session_link};
    return Text{to_one_line(values.session_link)};
  }
  if (name == kValidUntil) return Moment{values.valid_until, time_in_zones(values.valid_until, values.agent_time_zone)};
  if (name == "session.code") return Text{to_one_line(values.session_code)};
  if (name == "agent.name") return Text{to_one_line(values.agent_name)};
  if (name == "customer.name") return Text{to_one_line(values.customer_name.value_or(values.nobody_name))};
  if (name == "issue.key") return Text{to_one_line(values.issue_key)};
  if (name == "issue.summary") return Text{to_one_line(values.issue_summary)};
  return Text{to_one_line(values.site_name)};
}

// Collects lines and makes paragraphs of them.
class Lines {
 public:
  // Text of the template: newlines count here, and here only.
  void literal(std::string_view text) {
    while (!text.empty()) {
      const auto point = first_code_point(text);
      if (point.value == U'\n') lines_.emplace_back();
      else if (!point.valid) append_to_line("\xef\xbf\xbd");
      else if (point.value == U'\t' || !is_control(point.value)) append_to_line(text.substr(0, point.bytes));
      text.remove_prefix(point.bytes);
    }
  }

  void value(Inline part) {
    auto& line = lines_.back();
    line.blank = false;
    if (auto* text = std::get_if<Text>(&part)) append_text(line, text->text);
    else line.parts.push_back(std::move(part));
  }

  Document document() && {
    Document document;
    Paragraph paragraph;
    for (auto& line : lines_) {
      if (line.blank) {
        close(document, paragraph);
        continue;
      }
      if (!paragraph.empty()) paragraph.emplace_back(LineBreak{});
      std::ranges::move(line.parts, std::back_inserter(paragraph));
    }
    close(document, paragraph);
    return document;
  }

 private:
  struct Line {
    Paragraph parts;
    bool blank = true;  // nothing but spaces was typed
  };

  static void append_text(Line& line, std::string_view text) {
    if (text.empty()) return;
    if (!line.parts.empty()) {
      if (auto* last = std::get_if<Text>(&line.parts.back())) {
        last->text += text;
        return;
      }
    }
    line.parts.emplace_back(Text{std::string(text)});
  }

  void append_to_line(std::string_view text) {
    auto& line = lines_.back();
    if (text != " " && text != "\t") line.blank = false;
    append_text(line, text);
  }

  // A paragraph of empty values is none.
  static void close(Document& document, Paragraph& paragraph) {
    const bool says_something = std::ranges::any_of(paragraph, [](const Inline& part) { return !std::holds_alternative<LineBreak>(part); });
    if (says_something) document.paragraphs.push_back(std::move(paragraph));
    paragraph = {};
  }

  std::vector<Line> lines_ = std::vector<Line>(1);
};

bool is_utc_itself(std::string_view zone) {
  constexpr std::array<std::string_view, 6> kNames{"UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu"};
  return std::ranges::find(kNames, zone) != kNames.end();
}

std::string hours_and_minutes(std::chrono::seconds since_midnight) {
  const std::chrono::hh_mm_ss time{since_midnight};
  return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

}  // namespace

std::span<const std::string_view> customer_text_variables() { return kVariables; }

std::string_view to_string(TextProblemCode code) {
  switch (code) {
    case TextProblemCode::unknown_variable: return "unknown_variable";
    case TextProblemCode::broken_variable: return "broken_variable";
    case TextProblemCode::missing_link: return "missing_link";
    case TextProblemCode::too_long: return "too_long";
    case TextProblemCode::invalid_character: return "invalid_character";
  }
  return "invalid_character";
}

std::vector<TextProblem> check_customer_text(std::string_view text) {
  std::vector<TextProblem> problems;
  std::size_t offset = 0;
  bool has_link = false;
  for (const auto& piece : split_smart_values(text)) {
    if (piece.kind == TextPiece::Kind::literal) {
      offset += check_characters(piece.typed, offset, problems);
      continue;
    }
    const auto length = count_code_points(piece.typed);
    if (piece.kind == TextPiece::Kind::broken) {
      problems.push_back({TextProblemCode::broken_variable, offset, length, std::string(piece.name)});
    } else if (!is_known(piece.name)) {
      problems.push_back({TextProblemCode::unknown_variable, offset, length, std::string(piece.name)});
    }
    has_link = has_link || (piece.kind == TextPiece::Kind::variable && piece.name == kSessionLink);
    offset += length;
  }
  if (offset > kCustomerTextLimit) problems.insert(problems.begin(), {.code = TextProblemCode::too_long, .offset = 0, .length = 0, .name = {}});
  if (!has_link) problems.insert(problems.begin(), {.code = TextProblemCode::missing_link, .offset = 0, .length = 0, .name = {}});
  return problems;
}

Document render_customer_text(std::string_view text, const CustomerTextValues& values) {
  Lines lines;
  for (const auto& piece : split_smart_values(text)) {
    if (piece.kind == TextPiece::Kind::variable && is_known(piece.name)) lines.value(expand(piece.name, values));
    else lines.literal(piece.typed);
  }
  return std::move(lines).document();
}

std::string time_in_zones(Time at, std::string_view time_zone) {
  const auto utc = std::chrono::floor<std::chrono::seconds>(at);
  const auto utc_day = std::chrono::floor<std::chrono::days>(utc);
  const auto in_utc = hours_and_minutes(utc - utc_day) + " UTC";
  if (is_utc_itself(time_zone)) return in_utc;
  const auto there = wall_clock(at, time_zone);
  if (!there) return in_utc;

  if (there->time_since_epoch() == utc.time_since_epoch()) return in_utc;   // the same figures twice
  const auto day_there = std::chrono::floor<std::chrono::days>(*there);
  const auto time_there = hours_and_minutes(*there - day_there);
  if (day_there.time_since_epoch() == utc_day.time_since_epoch()) return fmt::format("{} ({} {})", in_utc, time_there, time_zone);
  // Another day there: without it, "00:30" would be read as half an hour after midnight of the day before.
  const std::chrono::year_month_day day{day_there};
  return fmt::format("{} ({:04}-{:02}-{:02} {} {})", in_utc, static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()), time_there, time_zone);
}

}  // namespace belay::support
