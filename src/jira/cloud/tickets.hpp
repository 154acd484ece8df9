// The issue, who speaks on it, and our comments, over REST v3. Comments are written as the app and carry our session's id as a property, so that a
// retry finds what an earlier try did.
#pragma once

#include <map>
#include <set>

#include "jira/rest.hpp"
#include "ports/tickets.hpp"

namespace belay::jira::cloud {

class CloudTickets final : public ports::Tickets {
 public:
  explicit CloudTickets(Rest& rest) : rest_(rest) {}

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
  /// Who the app is on this site is asked again: a new installation may have another user.
  void forget(const InstallationId& installation) { own_accounts_.erase(installation); }
  [[nodiscard]] json::object preview(const support::Document& document) const override;

 private:
  struct Sighting {
    std::string id;
    Time created_at;
  };
  Task<Result<std::string>> own_account(ports::Call call);
  Task<Result<json::value>> participant_page(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start);
  Task<Result<std::vector<Sighting>>> own_comments(ports::Call call, IssueId issue, std::string account, Time since);
  Task<Result<std::vector<ports::WrittenComment>>> marked(ports::Call call, std::vector<Sighting> sightings, ports::CommentPurpose purpose, SessionId session,
                                                          std::string account);

  Rest& rest_;
  std::map<InstallationId, std::string> own_accounts_;   ///< the app's user on each site; while it stays paired
};

}  // namespace belay::jira::cloud
