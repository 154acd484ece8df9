#include "jira/cloud/adf.hpp"

#include "jira/shown_text.hpp"

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

json::object text_node(std::string text) { return {{"type", "text"}, {"text", std::move(text)}}; }

// Adds the nodes of one inline to the paragraph's content.
class InlineNodes {
 public:
  explicit InlineNodes(json::array& content) : content_(content) {}

  void operator()(const Text& text) const { add_text(text.text); }

  void operator()(const Link& link) const {
    auto url = without_control_characters(link.url);
    if (!is_web_address(url)) return add_text(url);
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
