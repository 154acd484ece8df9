// Renders a document to the Atlassian Document Format (developer.atlassian.com, "Atlassian Document Format"; JSON schema
// @atlaskit/adf-schema). Text stays text: nothing in it becomes a link, a mention or markup.
#pragma once

#include "base/json.hpp"
#include "support/document.hpp"

namespace belay::jira::cloud {

/// A `doc` node, version 1: paragraphs of text, hard breaks, dates, mentions, and links where the document has a Link.
/// Control characters, and code points that are no characters, are left out; so are texts that are empty then.
[[nodiscard]] json::object to_adf(const support::Document& document);

}  // namespace belay::jira::cloud
