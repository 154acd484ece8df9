#include "sandbox/jira_cloud/document.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::array<std::string_view, 8> kInline{"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "placeholder"};
constexpr std::array<std::string_view, 14> kBlock{"paragraph", "heading", "bulletList", "orderedList", "blockquote", "codeBlock", "rule",
                                                  "panel",     "table",   "mediaSingle", "mediaGroup", "expand",    "taskList",  "decisionList"};
constexpr std::array<std::string_view, 12> kMarks{"link",   "strong",    "em",      "code",            "strike",    "underline",
                                                  "subsup", "textColor", "backgroundColor", "annotation", "alignment", "indentation"};
constexpr std::array<std::string_view, 6> kMembers{"type", "content", "attrs", "marks", "text", "version"};
constexpr int kDeepest = 24;

bool among(auto const& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

/// May a node of this type stand in that parent?
bool belongs(std::string_view parent, std::string_view type) {
  if (parent == "paragraph" || parent == "heading" || parent == "taskItem" || parent == "decisionItem") return among(kInline, type);
  if (parent == "codeBlock") return type == "text";
  if (parent == "bulletList" || parent == "orderedList") return type == "listItem";
  if (parent == "listItem") return type == "paragraph" || type == "bulletList" || type == "orderedList" || type == "codeBlock" || type == "mediaSingle";
  if (parent == "taskList") return type == "taskItem" || type == "taskList";
  if (parent == "decisionList") return type == "decisionItem";
  if (parent == "table") return type == "tableRow";
  if (parent == "tableRow") return type == "tableCell" || type == "tableHeader";
  if (parent == "blockquote") return type == "paragraph" || type == "bulletList" || type == "orderedList" || type == "codeBlock";
  if (parent == "panel") return among(kBlock, type) && type != "panel" && type != "table" && type != "expand";
  if (parent == "mediaSingle" || parent == "mediaGroup") return type == "media";
  return among(kBlock, type);  // doc, tableCell, tableHeader, expand
}

std::optional<std::string> attribute_problem(std::string_view type, const json::object& node) {
  const auto* attributes = json::object_at(node, "attrs");
  const auto text = [&](std::string_view key) { return attributes == nullptr ? std::optional<std::string>{} : json::string_at(*attributes, key); };
  if (type == "mention" && text("id").value_or("").empty()) return "mention without attrs.id";
  if (type == "date") {
    const auto stamp = text("timestamp").value_or("");
    if (stamp.empty() || !std::ranges::all_of(stamp, [](char c) { return c >= '0' && c <= '9'; })) return "date without attrs.timestamp";
  }
  if (type == "status" && (text("text").value_or("").empty() || !text("color"))) return "status without attrs.text and attrs.color";
  if (type == "panel" && !text("panelType")) return "panel without attrs.panelType";
  if (type == "heading") {
    const auto level = attributes == nullptr ? std::nullopt : json::integer_at(*attributes, "level");
    if (!level || *level < 1 || *level > 6) return "heading without attrs.level";
  }
  return std::nullopt;
}

std::optional<std::string> mark_problem(const json::object& node) {
  const auto* marks = json::array_at(node, "marks");
  if (marks == nullptr) return node.contains("marks") ? std::optional<std::string>("marks is no list") : std::nullopt;
  for (const auto& mark : *marks) {
    const auto* object = mark.if_object();
    const auto type = object == nullptr ? std::string{} : json::string_at(*object, "type").value_or("");
    if (!among(kMarks, type)) return "unknown mark " + type;
    if (type != "link") continue;
    const auto* attributes = json::object_at(*object, "attrs");
    if (attributes == nullptr || json::string_at(*attributes, "href").value_or("").empty()) return "link without attrs.href";
  }
  return std::nullopt;
}

std::optional<std::string> node_problem(std::string_view parent, const json::value& value, int depth) {
  const auto* node = value.if_object();
  if (node == nullptr) return "a node is no object";
  if (depth > kDeepest) return "nested too deep";
  const auto type = json::string_at(*node, "type").value_or("");
  if (!belongs(parent, type)) return "\"" + type + "\" may not stand in \"" + std::string(parent) + "\"";
  for (const auto& member : *node) {
    if (!among(kMembers, std::string_view(member.key()))) return "unknown member " + std::string(member.key());
  }
  if (type == "text" && json::string_at(*node, "text").value_or("").empty()) return "empty text node";
  if (auto problem = attribute_problem(type, *node)) return problem;
  if (auto problem = mark_problem(*node)) return problem;
  const auto* content = json::array_at(*node, "content");
  if (content == nullptr) return node->contains("content") ? std::optional<std::string>("content is no list") : std::nullopt;
  for (const auto& child : *content) {
    if (auto problem = node_problem(type, child, depth + 1)) return problem;
  }
  return std::nullopt;
}

std::string attribute(const json::object& node, std::string_view key) {
  const auto* attributes = json::object_at(node, "attrs");
  return attributes == nullptr ? std::string{} : json::string_at(*attributes, key).value_or("");
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class HtmlWriter {
 public:
  explicit HtmlWriter(const DocumentReader& reader) : reader_(reader) {}

  std::string out;

  void node(const json::value& value) {
    const auto* found = value.if_object();
    if (found == nullptr) return;
    const auto type = json::string_at(*found, "type").value_or("");
    if (type == "text") text(*found);
    else if (type == "hardBreak") out += "<br>";
    else if (type == "mention") mention(*found);
    else if (type == "date") out += "<time class=\"date\">" + escape_html(day_in_words(number_of(attribute(*found, "timestamp")), reader_.language)) + "</time>";
    else if (type == "status") out += "<span class=\"lozenge\">" + escape_html(attribute(*found, "text")) + "</span>";
    else if (type == "emoji") out += escape_html(attribute(*found, "text"));
    else if (type == "rule") out += "<hr>";
    else if (type == "inlineCard") link(attribute(*found, "url"), attribute(*found, "url"));
    else block(type, *found);
  }

 private:
  void children(const json::object& parent) {
    const auto* content = json::array_at(parent, "content");
    if (content == nullptr) return;
    for (const auto& child : *content) node(child);
  }

  void block(std::string_view type, const json::object& found) {
    const auto tag = tag_of(type, found);
    if (tag.empty()) return children(found);
    // Each piece of text by its own first letter, so that a full stop stands at its end in Arabic too.
    out += "<" + tag + (type == "panel" ? " class=\"panel\"" : holds_text(type) ? " dir=\"auto\"" : "") + ">";
    children(found);
    out += "</" + tag + ">";
  }

  static bool holds_text(std::string_view type) { return type == "paragraph" || type == "heading" || type == "taskItem" || type == "decisionItem"; }

  static std::string tag_of(std::string_view type, const json::object& found) {
    if (type == "paragraph") return "p";
    if (type == "heading") {
      const auto* attributes = json::object_at(found, "attrs");
      const auto level = attributes == nullptr ? 3 : json::integer_at(*attributes, "level").value_or(3);
      // Under the page's own headings.
      return level <= 2 ? "h4" : level <= 4 ? "h5" : "h6";
    }
    if (type == "bulletList" || type == "taskList" || type == "decisionList") return "ul";
    if (type == "orderedList") return "ol";
    if (type == "listItem" || type == "taskItem" || type == "decisionItem") return "li";
    if (type == "blockquote") return "blockquote";
    if (type == "codeBlock") return "pre";
    if (type == "panel") return "div";
    if (type == "table") return "table";
    if (type == "tableRow") return "tr";
    if (type == "tableHeader") return "th";
    if (type == "tableCell") return "td";
    return {};
  }

  void mention(const json::object& found) {
    const auto id = attribute(found, "id");
    auto name = reader_.name_of ? reader_.name_of(id) : std::string{};
    if (name.empty()) name = attribute(found, "text");
    out += "<span class=\"mention\" data-account=\"" + escape_html(id) + "\">@<bdi>" + escape_html(name.starts_with('@') ? name.substr(1) : name) + "</bdi></span>";
  }

  void link(const std::string& address, const std::string& words) {
    const bool safe = address.starts_with("https://") || address.starts_with("http://") || address.starts_with("mailto:");
    if (!safe) {
      out += escape_html(words);
      return;
    }
    out += "<a href=\"" + escape_html(address) + "\" rel=\"noopener noreferrer\">" + escape_html(words) + "</a>";
  }

  void text(const json::object& found) {
    const auto words = json::string_at(found, "text").value_or("");
    std::string open, close, address;
    if (const auto* marks = json::array_at(found, "marks")) {
      for (const auto& mark : *marks) {
        const auto* object = mark.if_object();
        if (object == nullptr) continue;
        const auto type = json::string_at(*object, "type").value_or("");
        if (type == "link") address = attribute(*object, "href");
        const std::string tag = type == "strong" ? "strong" : type == "em" ? "em" : type == "code" ? "code" : type == "strike" ? "s" : type == "underline" ? "u" : "";
        if (tag.empty()) continue;
        open += "<" + tag + ">";
        close.insert(0, "</" + tag + ">");
      }
    }
    out += open;
    if (address.empty()) out += escape_html(words);
    else link(address, words);
    out += close;
  }

  const DocumentReader& reader_;
};

void gather_text(const json::value& value, std::string& text) {
  const auto* node = value.if_object();
  if (node == nullptr) return;
  const auto type = json::string_at(*node, "type").value_or("");
  if (type == "text") text += json::string_at(*node, "text").value_or("");
  if (type == "hardBreak") text += '\n';
  if (type == "mention") text += attribute(*node, "text");
  if (const auto* content = json::array_at(*node, "content")) {
    for (const auto& child : *content) gather_text(child, text);
  }
  if (type == "paragraph" || type == "heading") text += '\n';
}

void gather_mentions(const json::value& value, json::array& accounts) {
  const auto* node = value.if_object();
  if (node == nullptr) return;
  if (json::string_at(*node, "type") == "mention") accounts.emplace_back(attribute(*node, "id"));
  if (const auto* content = json::array_at(*node, "content")) {
    for (const auto& child : *content) gather_mentions(child, accounts);
  }
}

}  // namespace

json::array mentioned_accounts(const json::value& document) {
  json::array accounts;
  gather_mentions(document, accounts);
  return accounts;
}

std::optional<std::string> document_problem(const json::value& document) {
  const auto* root = document.if_object();
  if (root == nullptr || json::string_at(*root, "type") != "doc") return "no document";
  if (json::integer_at(*root, "version") != 1) return "version is not 1";
  const auto* content = json::array_at(*root, "content");
  if (content == nullptr) return "no content";
  for (const auto& member : *root) {
    if (member.key() != "type" && member.key() != "version" && member.key() != "content") return "unknown member " + std::string(member.key());
  }
  for (const auto& child : *content) {
    if (auto problem = node_problem("doc", child, 1)) return problem;
  }
  return std::nullopt;
}

std::string document_text(const json::value& document) {
  std::string text;
  gather_text(document, text);
  return text;
}

std::size_t document_length(const json::value& document) {
  const auto text = document_text(document);
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string document_html(const json::value& document, const DocumentReader& reader) {
  HtmlWriter writer{reader};
  writer.node(document);
  return std::move(writer.out);
}

std::string day_in_words(std::int64_t unix_millis, std::string_view language) {
  static constexpr std::array<std::string_view, 12> kEnglish{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr std::array<std::string_view, 12> kFrench{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."};
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{unix_millis}};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  const auto month = static_cast<unsigned>(day.month()) - 1;
  const auto& months = language.starts_with("fr") ? kFrench : kEnglish;
  return std::to_string(static_cast<unsigned>(day.day())) + " " + std::string(months[month]) + " " + std::to_string(static_cast<int>(day.year()));
}

}  // namespace belay::sandbox::jira_cloud
