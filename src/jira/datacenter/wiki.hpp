// Renders a document to Jira's wiki markup, in which Data Center and Server keep comments (their own help page "Text formatting notation"). Text stays
// text: nothing in it becomes a link, a mention or markup, neither in Jira's renderer nor in Atlassian's parser that Cloud migrates such comments with.
#pragma once

#include <map>
#include <string>

#include "support/document.hpp"

namespace belay::jira::datacenter {

/// What people sign in with, by their key. A mention names that, and not the key, which stays when somebody is renamed.
using Usernames = std::map<AccountId, std::string>;

/// Paragraphs apart by an empty line. What would be markup is escaped by a backslash; where a backslash does not help (addresses, smileys of letters, entities,
/// headings, the backslash itself), U+2060 WORD JOINER, which nobody sees, breaks it up. A mention of somebody who is not in `usernames`, or whose
/// name could not be written as a mention, is their name as text. Characters are left out as in shown_text.hpp.
[[nodiscard]] std::string to_wiki(const support::Document& document, const Usernames& usernames);

}  // namespace belay::jira::datacenter
