#include "jira/datacenter/wiki.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "jira/shown_text.hpp"

namespace belay::jira::datacenter {
namespace {

using support::LineBreak;
using support::Link;
using support::Mention;
using support::Moment;
using support::Text;

constexpr std::string_view kJoiner = "\u2060";
// Those that a backslash takes the meaning from.
constexpr std::string_view kEscaped = "!#%()*+-?@[]^_{|}~";
constexpr std::string_view kBlanks = " \t";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// h1. to h6. and bq. at the beginning of a line; the number of characters before the full stop.
std::size_t block_prefix(std::string_view line) {
  const auto begin = std::min(line.find_first_not_of(kBlanks), line.size());
  const auto rest = line.substr(begin);
  const bool heading = rest.size() > 2 && (rest[0] == 'h' || rest[0] == 'H') && is_digit(rest[1]) && rest[2] == '.';
  const bool quote = rest.size() > 2 && (rest[0] == 'b' || rest[0] == 'B') && (rest[1] == 'q' || rest[1] == 'Q') && rest[2] == '.';
  return heading || quote ? begin + 2 : std::string_view::npos;
}

// Schemes (https:, mailto:, tel:) and smileys (:P) have a letter beside a colon, and no blank behind it; entities begin with what may follow an ampersand.
bool joins(char before, char c, char next) {
  const bool ends = next == '\0' || kBlanks.contains(next);
  if (c == ':') return !ends && (is_letter(before) || is_letter(next) || next == '/' || next == '\\');
  return c == '&' && (is_letter(next) || next == '#');
}

// One line, without line breaks, as it is to be read.
std::string escaped(std::string_view line) {
  std::string wiki;
  wiki.reserve(line.size() + line.size() / 8);
  const auto dot = block_prefix(line);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (i == dot) wiki += kJoiner;
    if (kEscaped.contains(c)) wiki += '\\';
    wiki += c;
    const char before = i > 0 ? line[i - 1] : '\0';
    const char next = i + 1 < line.size() ? line[i + 1] : '\0';
    // Two backslashes are a line break, and one takes the meaning from what follows, which may be the link.
    if (c == '\\' || joins(before, c, next)) wiki += kJoiner;
  }
  return wiki;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-'; });
}

// What the brackets of a link, or the text that is shown for it, would take for markup, in percent encoding; a hyphen or an underscore within a word is none.
std::string link_address(std::string_view url) {
  constexpr std::string_view kFree = "./?#&=;,%$'@";
  const auto is_word = [&](std::size_t i) { return i < url.size() && (is_letter(url[i]) || is_digit(url[i])); };
  std::string address;
  const auto scheme_end = url.find(':');
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    const bool within_word = (c == '-' || c == '_') && i > 0 && is_word(i - 1) && is_word(i + 1);
    const bool port = c == ':' && (i == scheme_end || (i + 1 < url.size() && is_digit(url[i + 1])));
    const bool twice = i > 0 && url[i - 1] == c && c == '?';
    if (is_word(i) || within_word || port || (kFree.contains(c) && !twice)) address += c;
    else address += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return address;
}

/// Puts lines together. Neighbouring texts are escaped as one: two of them might be markup that neither is.
class Lines {
 public:
  explicit Lines(const Usernames& usernames) : usernames_(usernames) {}

  void operator()(const Text& text) { plain_ += without_control_characters(text.text); }

  void operator()(const Link& link) {
    const auto url = without_control_characters(link.url);
    if (!is_web_address(url)) return void(plain_ += url);
    end_text();
    line_ += '[' + link_address(url) + ']';
  }

  void operator()(const Moment& moment) {
    const auto day = to_iso8601(moment.at).substr(0, 10);
    plain_ += day;
    if (!moment.time_text.empty()) plain_ += ' ' + without_control_characters(moment.time_text);
  }

  void operator()(const Mention& mention) {
    const auto username = usernames_.find(mention.account);
    if (username == usernames_.end() || !is_plain_name(username->second)) return void(plain_ += without_control_characters(mention.name));
    end_text();
    line_ += "[~" + username->second + ']';
  }

  void operator()(const LineBreak&) {
    end_line(true);
    wiki_ += '\n';
  }

  /// Empty where nothing could be seen.
  std::string take() {
    end_line(!wiki_.empty());
    return shows_something_ ? std::move(wiki_) : std::string();
  }

 private:
  void end_text() {
    line_ += escaped(plain_);
    plain_.clear();
  }

  void end_line(bool of_several) {
    end_text();
    const bool blank = line_.find_first_not_of(kBlanks) == std::string::npos;
    shows_something_ = shows_something_ || !blank;
    if (blank && of_several) line_ += kJoiner;   // left empty, it would end the paragraph
    wiki_ += line_;
    line_.clear();
  }

  const Usernames& usernames_;
  std::string plain_;   // not escaped yet
  std::string line_;
  std::string wiki_;
  bool shows_something_ = false;
};

}  // namespace

std::string to_wiki(const support::Document& document, const Usernames& usernames) {
  std::string wiki;
  for (const auto& paragraph : document.paragraphs) {
    Lines lines{usernames};
    for (const auto& part : paragraph) std::visit(lines, part);
    const auto text = lines.take();
    if (!wiki.empty() && !text.empty()) wiki += "\n\n";
    wiki += text;
  }
  return wiki;
}

}  // namespace belay::jira::datacenter
