#include "jira/cloud/adf.hpp"

namespace belay::jira::cloud {
namespace {

using support::Document;
using support::Inline;
using support::LineBreak;
using support::Link;
using support::Mention;
using support::Moment;
using support::Paragraph;
using support::Text;

constexpr char32_t kReplacement = 0xfffd;

bool is_continuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// Takes one code point off the front; a broken sequence costs one byte.
char32_t take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  char32_t code = length == 1 ? first : length == 0 ? kReplacement : first & (0xffu >> (length + 1));
  bool whole = length > 0 && text.size() >= length;
  for (std::size_t i = 1; whole && i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    whole = is_continuation(next);
    code = (code << 6) | (next & 0x3fu);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (!whole || code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    text.remove_prefix(1);
    return kReplacement;
  }
  text.remove_prefix(length);
  return code;
}

void append(std::string& text, char32_t code) {
  const auto byte = [&](char32_t bits) { text.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | (code >> 6));
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3f));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

bool is_shown(char32_t code) {
  const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool separator = code == 0x2028 || code == 0x2029;
  // Embeddings, overrides and isolates would turn around what follows the value, the link included. Right-to-left names need none of them.
  const bool direction = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  const bool noncharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
  return !control && !separator && !direction && !noncharacter;
}

json::object text_node(std::string text) { return {{"type", "text"}, {"text", std::move(text)}}; }

bool is_web_address(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

// Adds the nodes of one inline to the paragraph's content.
class InlineNodes {
 public:
  explicit InlineNodes(json::array& content) : content_(content) {}

  void operator()(const Text& text) const { add_text(text.text); }

  void operator()(const Link& link) const {
    auto url = without_control_characters(link.url);
    if (!is_web_address(url)) return add_text(url);  // never javascript: or data:, whatever a provider sends
    auto node = text_node(url);
    node["marks"] = json::array{json::object{{"type", "link"}, {"attrs", json::object{{"href", std::move(url)}}}}};
    content_.push_back(std::move(node));
  }

  void operator()(const Moment& moment) const {
    content_.push_back(json::object{{"type", "date"}, {"attrs", json::object{{"timestamp", std::to_string(to_millis(moment.at))}}}});
    const auto time = without_control_characters(moment.time_text);
    if (!time.empty()) content_.push_back(text_node(' ' + time));
  }

  void operator()(const Mention& mention) const {
    const auto name = without_control_characters(mention.name);
    if (mention.account.empty()) return add_text(name);
    json::object attributes{{"id", without_control_characters(mention.account.value)}};
    if (!name.empty()) attributes["text"] = '@' + name;
    content_.push_back(json::object{{"type", "mention"}, {"attrs", std::move(attributes)}});
  }

  void operator()(const LineBreak&) const { content_.push_back(json::object{{"type", "hardBreak"}}); }

 private:
  void add_text(std::string_view text) const {
    auto shown = without_control_characters(text);
    if (!shown.empty()) content_.push_back(text_node(std::move(shown)));  // the schema refuses an empty text node
  }

  json::array& content_;
};

}  // namespace

std::string without_control_characters(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto code = take_code_point(text);
    if (is_shown(code)) append(shown, code);
  }
  return shown;
}

json::object to_adf(const Document& document) {
  json::array paragraphs;
  for (const auto& paragraph : document.paragraphs) {
    json::array content;
    for (const auto& part : paragraph) std::visit(InlineNodes{content}, part);
    if (!content.empty()) paragraphs.push_back(json::object{{"type", "paragraph"}, {"content", std::move(content)}});
  }
  if (paragraphs.empty()) paragraphs.push_back(json::object{{"type", "paragraph"}, {"content", json::array{}}});
  return {{"type", "doc"}, {"version", 1}, {"content", std::move(paragraphs)}};
}

}  // namespace belay::jira::cloud
