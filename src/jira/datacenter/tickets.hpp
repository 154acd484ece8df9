// The issue, who speaks on it, and our comments, over REST v2. Comments are wiki markup, written as the service account, and carry our session's id as a
// property, so that a retry finds what an earlier try did.
#pragma once

#include <map>

#include "jira/datacenter/wiki.hpp"
#include "jira/rest.hpp"
#include "ports/tickets.hpp"

namespace belay::jira::datacenter {

class DataCenterTickets final : public ports::Tickets {
 public:
  explicit DataCenterTickets(Rest& rest) : rest_(rest) {}

  Task<Result<ports::Ticket>> ticket(ports::Call call, ports::Actor actor, IssueId issue) override;
  Task<Result<ports::Request>> request(ports::Call call, ports::Actor actor, IssueKey key) override;
  Task<Result<ports::VisibleIssues>> visible_issues(ports::Call call, ports::Actor actor, std::vector<IssueId> issues) override;
  Task<Result<ports::CommentPage>> comment_authors(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start, std::size_t count) override;
  Task<Result<std::vector<CommentId>>> readable_comments(ports::Call call, ports::Actor actor, std::vector<CommentId> comments) override;
  Task<Result<ports::Participants>> participants(ports::Call call, ports::Actor actor, IssueId issue) override;
  Task<Result<ports::Participants>> further_participants(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start) override;
  Task<Result<ports::WrittenComment>> write_comment(ports::Call call, ports::CommentDraft draft) override;
  Task<Result<std::vector<ports::WrittenComment>>> find_comments(ports::Call call, IssueId issue, ports::CommentPurpose purpose, SessionId session, Time since) override;
  Task<Result<void>> edit_comment(ports::Call call, IssueId issue, CommentId comment, support::Document document) override;
  Task<Result<void>> delete_comment(ports::Call call, IssueId issue, CommentId comment) override;
  [[nodiscard]] json::object preview(const support::Document& document) const override;

 private:
  Task<Result<std::string>> own_key(ports::Call call);
  Task<Usernames> usernames_in(ports::Call call, support::Document document);
  Task<Result<void>> check_keeps_inside(ports::Call call, IssueId issue);
  Task<Result<std::string>> username_of(ports::Call call, AccountId account);
  Task<Result<std::vector<ports::WrittenComment>>> own_comments(ports::Call call, IssueId issue, std::string key, Time since);
  Task<Result<std::optional<int>>> sending_of_comment(ports::Call call, CommentId comment, ports::CommentPurpose purpose, SessionId session);
  /// What Service Management says of it: nothing outside of service projects.
  Task<Result<std::optional<bool>>> visibility(ports::Call call, IssueId issue, CommentId comment);
  Task<Result<ports::Participants>> participant_page(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start);

  Rest& rest_;
  std::map<InstallationId, std::string> own_keys_;   ///< the service account's user on each site
};

}  // namespace belay::jira::datacenter
