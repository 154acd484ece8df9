// A small document: what the customer text becomes once its values are in. The doors render it (ADF, wiki markup, HTML);
// here it has no markup at all, so that a value can never become any.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace belay::support {

/// Plain text, any Unicode, no newline. Never interpreted.
struct Text { std::string text; friend bool operator==(const Text&, const Text&) = default; };
/// The one link there can be: the customer's link of the session.
struct Link { std::string url; friend bool operator==(const Link&, const Link&) = default; };
/// A moment: the reader's locale shows the day, the text behind it the time in UTC and in the agent's zone.
struct Moment { Time at; std::string time_text; friend bool operator==(const Moment&, const Moment&) = default; };
/// Notifies somebody who is on the issue.
struct Mention { AccountId account; std::string name; friend bool operator==(const Mention&, const Mention&) = default; };
struct LineBreak { friend bool operator==(const LineBreak&, const LineBreak&) = default; };

using Inline = std::variant<Text, Link, Moment, Mention, LineBreak>;
using Paragraph = std::vector<Inline>;

struct Document {
  std::vector<Paragraph> paragraphs;
  friend bool operator==(const Document&, const Document&) = default;
};

/// For mails and previews: paragraphs apart by an empty line, links as their address, moments as ISO day and time text.
[[nodiscard]] std::string to_plain_text(const Document& document);

}  // namespace belay::support
