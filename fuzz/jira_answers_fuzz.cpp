// Any bytes as Jira's answers, over HTTP on loopback, read by every call that asks for one. The first letter says what is asked; a capital is
// answered with a refusal. What comes out has the shape that the port promises, and no right comes from an answer that gives none.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "jira/cloud/account_reports.hpp"
#include "jira/cloud/marks.hpp"
#include "jira/cloud/permissions.hpp"
#include "jira/cloud/testing.hpp"
#include "jira/cloud/tickets.hpp"
#include "jira/cloud/users.hpp"
#include "jira/shown_text.hpp"
#include "require.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::cloud;

namespace {

const IssueId kIssue{"10001"};
const SessionId kSession{"01890000-0000-7000-8000-000000000001"};
const Time kSince = *from_iso8601("2027-01-01T00:00:00Z");

struct Asked {
  cloud::testing::World& world;
  std::string_view body;             ///< of each answer
  CloudTickets tickets{world.rest};
  CloudUsers users{world.rest};
  CloudPermissions permissions{world.rest, world.clock};
  CloudMarks marks{world.rest};
  CloudAccountReports account_reports{world.rest};
};

void require_fair(const support::Person& person) {
  require(!person.id.empty());
  require(person.picture.empty() || person.picture.starts_with("https://") || (person.picture.starts_with("http://") && person.picture.contains(".localhost")));
  for (const char c : person.picture) require(c > 0x20 && c < 0x7f);
}

void require_fair(const std::vector<support::Person>& people) {
  for (const auto& person : people) require_fair(person);
}

void require_fair(const Error& error) {
  static const std::set<std::string_view> kCodes{"not_found", "jira_forbidden", "jira_token_missing", "jira_rate_limited", "jira_unreachable", "jira_refused", "jira_refused_comment", "account_reports_refused"};
  require(kCodes.contains(error.code));
  if (const auto said = json::string_at(error.detail, "said")) require(without_control_characters(*said) == *said && said->size() <= 300);
}

/// Runs the call; what it gives is handed on, an error is looked at here.
template <class T, class Check>
void judge(Asked& asked, Task<Result<T>> task, Check check) {
  const auto result = asked.world.wait_for(std::move(task));
  if (!result) require_fair(result.error());
  else if constexpr (!std::is_void_v<T>) check(*result);
}

void ask_for_comments(Asked& asked, char question) {
  const auto call = asked.world.call();
  const ports::AsUser agent{asked.world.agent};
  switch (question) {
    case 'a': return judge(asked, asked.tickets.comment_authors(call, agent, kIssue, 0, 100), [](const ports::CommentPage& page) {
      for (const auto& author : page.authors) {
        require_fair(author.person);
        require(from_iso8601(to_iso8601(author.at)) == author.at);
        require(author.restricted_to.size() <= 1'100);
      }
    });
    case 'b': {
      const std::vector<CommentId> about{CommentId{"8"}, CommentId{"500"}};
      return judge(asked, asked.tickets.readable_comments(call, agent, about), [&](const std::vector<CommentId>& readable) {
        for (const auto& comment : readable) require(std::ranges::find(about, comment) != about.end());
      });
    }
    case 'c': {
      ports::CommentDraft draft;
      draft.issue = kIssue;
      draft.session = kSession;
      return judge(asked, asked.tickets.write_comment(call, draft), [](const ports::WrittenComment& written) { require(!written.id.empty() && !written.visible_to_customer); });
    }
    default: return judge(asked, asked.tickets.find_comments(call, kIssue, ports::CommentPurpose::invitation, kSession, kSince), [&](const std::vector<ports::WrittenComment>& found) {
      require(found.empty() || asked.body.contains("belay.session") || asked.body.contains('\\'));
      require(std::ranges::is_sorted(found, std::ranges::greater{}, &ports::WrittenComment::created_at));
      for (const auto& comment : found) require(!comment.id.empty());
    });
  }
}

void ask_for_people(Asked& asked, char question) {
  const auto call = asked.world.call();
  const std::vector<AccountId> accounts{AccountId{"712020:ann"}, AccountId{"712020:bob"}};
  switch (question) {
    case 'e': return judge(asked, asked.tickets.participants(call, ports::AsUser{asked.world.agent}, kIssue), [](const ports::Participants& participants) { require_fair(participants.people); });
    case 'f': return judge(asked, asked.users.user(call, accounts[0]), [](const auto& person) { require_fair(person); });
    case 'g': return judge(asked, asked.users.people(call, accounts), [](const auto& people) { require_fair(people); });
    default: return judge(asked, asked.users.addresses(call, accounts), [](const std::map<AccountId, std::string>& addresses) {
      for (const auto& [account, address] : addresses) require(!account.empty() && !address.empty());
    });
  }
}

void ask_for_rights(Asked& asked, char question) {
  const auto call = asked.world.call();
  const auto& agent = asked.world.agent;
  const auto none_by_itself = [&](const support::JiraRights& rights) { require(asked.body.contains("true") || rights == support::JiraRights{}); };
  switch (question) {
    case 'i': return judge(asked, asked.users.groups(call, agent), [](const std::vector<std::string>&) {});
    case 'j': return judge(asked, asked.permissions.rights(call, agent, kIssue), none_by_itself);
    case 'k': return judge(asked, asked.permissions.rights(call, agent, std::nullopt), [&](const support::JiraRights& rights) {
      none_by_itself(rights);
      require(rights == support::JiraRights{.browse = false, .edit_issues = false, .service_agent = false, .administer = rights.administer, .administer_project = false});
    });
    default: {
      const std::vector<std::string> names{"support", "Second line", "b"};
      return judge(asked, asked.permissions.unknown_groups(call, agent, names), [&](const std::vector<std::string>& unknown) {
        for (const auto& name : unknown) require(std::ranges::find(names, name) != names.end());
      });
    }
  }
}

// Of nobody else than was reported, and each answer something that can be done.
void ask_about_accounts(Asked& asked) {
  const std::vector<ports::StoredAccount> accounts{{.account = AccountId{"712020:ann"}, .fetched_at = kSince}, {.account = AccountId{"712020:bob"}, .fetched_at = kSince}};
  judge(asked, asked.account_reports.report(asked.world.call(), accounts), [&](const ports::AccountReportAnswer& answer) {
    require(!answer.cycle_days || (*answer.cycle_days >= 1 && *answer.cycle_days <= 365));
    for (const auto& [account, change] : answer.changes) require(std::ranges::find(accounts, account, &ports::StoredAccount::account) != accounts.end());
  });
}

void ask(Asked& asked, char question) {
  if (question == 'p') {
    return judge(asked, asked.tickets.request(asked.world.call(), ports::AsUser{asked.world.agent}, IssueKey{"HELP-1"}), [](const ports::Request& request) { require(!request.id.empty() && !request.key.empty()); });
  }
  if (question == 'o') return ask_about_accounts(asked);
  if (question < 'e') return ask_for_comments(asked, question);
  if (question < 'i') return ask_for_people(asked, question);
  if (question < 'm') return ask_for_rights(asked, question);
  if (question == 'm') return judge(asked, asked.marks.set_property(asked.world.call(), kIssue, "belay", {{"open", 1}}), [] {});
  judge(asked, asked.tickets.ticket(asked.world.call(), ports::AsApp{}, kIssue), [](const ports::Ticket& ticket) {
    require(!ticket.id.empty() && !ticket.key.empty());
    if (ticket.reporter) require_fair(*ticket.reporter);
    if (ticket.assignee) require_fair(*ticket.assignee);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static cloud::testing::World world;
  if (size == 0) return 0;
  log::set_level(log::Level::error);
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool refused = data[0] >= 'A' && data[0] <= 'Z';
  for (const auto* method : {"GET", "POST", "PUT"}) world.jira.on(method, "", {cloud::testing::answer(refused ? 400 : 200, body)});
  world.jira.on_host("POST", "/app/", {cloud::testing::answer(refused ? 403 : 200, body, {{"Cycle-Period", body.substr(0, 8)}})});
  world.jira.asked.clear();
  Asked asked{.world = world, .body = body};
  ask(asked, static_cast<char>('a' + (data[0] - unsigned{'A'}) % 32 % 16));
  return 0;
}
