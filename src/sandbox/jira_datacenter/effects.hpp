// What is done to issues, whoever does it and by whatever way: REST, pages, the portal. Each is one change of the site, one line in the journal, and what
// webhooks are told.
#pragma once

#include <string>

#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/jira_datacenter/webhooks.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

struct Doer {
  const Stage& stage;
  Webhooks& webhooks;
  Site& site;
  std::string person;               ///< key
  bool by_hand = false;             ///< on a page: the journal's line names no installation
};

/// `identity`: what the request carried to be known again by.
void journal(const Doer& doer, std::string kind, json::object object, json::object identity = {}, json::object more = {});

/// Ids of what was touched, for the journal.
[[nodiscard]] json::object named(const Issue& issue);
[[nodiscard]] json::object named(const Issue& issue, const Comment& comment);
[[nodiscard]] json::object named(const Issue& issue, const Worklog& worklog);

/// Its id, author and times are set here.
Comment& add_comment(const Doer& doer, Issue& issue, Comment comment);
/// The new text, and what is to be set of its properties.
void edit_comment(const Doer& doer, Issue& issue, Comment& comment, std::string body, const Properties& properties);
void delete_comment(const Doer& doer, Issue& issue, std::int64_t id);

}  // namespace belay::sandbox::jira_datacenter
