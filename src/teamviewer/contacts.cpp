// The agent's contact list: looking by address, by id and by name, inviting, and launch links.
#include "support/address.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/provider.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

namespace belay::teamviewer {
namespace {

const json::array* list_in(const json::value& answer, std::string_view name) {
  const auto* body = answer.if_object();
  return body == nullptr ? nullptr : json::array_at(*body, name);
}

Result<std::vector<support::Contact>> contacts_in(const json::value& answer) {
  const auto* list = list_in(answer, "contacts");
  if (list == nullptr) return std::unexpected(unreachable("no contacts in the answer", false));
  std::vector<support::Contact> contacts;
  for (const auto& item : *list) {
    if (auto contact = item.is_object() ? contact_from(item.get_object()) : std::nullopt) contacts.push_back(std::move(*contact));
  }
  return contacts;
}

std::string joined(const std::vector<std::string>& addresses) {
  std::string list;
  for (const auto& address : addresses) list += (list.empty() ? "" : ",") + address;
  return list;
}

// The manual prints the contact's id without saying whether its letter stays (docs/teamviewer.md, "Launch links"). The one place that would change.
std::string in_launch_link(const ContactId& contact) { return contact.value; }

std::string_view path_of(support::LaunchMode mode) {
  switch (mode) {
    case support::LaunchMode::chat: return "/mode/chat";   // nothing to confirm
    case support::LaunchMode::call: return "/authorization/prompt/mode/videocall";
    case support::LaunchMode::control: return "/authorization/prompt/mode/control";
    case support::LaunchMode::present: return "/authorization/prompt/mode/present";
  }
  return "/mode/chat";
}

}  // namespace

Task<Result<ports::ContactsFound>> TeamViewer::contacts_at(ports::Call call, ports::LinkRef link, std::vector<std::string> addresses) {
  auto request = request_for("list_contacts", "GET", "/contacts");
  request.query = {{"email", joined(addresses)}, {"include_invitations", "true"}};
  request.names_addresses = true;
  BELAY_CO_TRY(answer, co_await ask(call, link, std::move(request), after(call.deadline)));
  const auto* list = list_in(answer, "contacts");
  if (list == nullptr) co_return std::unexpected(unreachable("no contacts in the answer", false));
  ports::ContactsFound found;
  for (const auto& item : *list) {
    const auto* body = item.if_object();
    auto contact = body == nullptr ? std::nullopt : contact_from(*body);
    auto address = body == nullptr ? std::nullopt : json::string_at(*body, "email");
    if (contact && address) found.contacts.push_back({.address = std::move(*address), .contact = std::move(*contact)});
  }
  if (const auto* invitations = list_in(answer, "invitations")) {
    for (const auto& item : *invitations) {
      if (auto address = item.is_object() ? json::string_at(item.get_object(), "email") : std::nullopt) found.invited.push_back(std::move(*address));
    }
  }
  co_return found;
}

Task<Result<support::Contact>> TeamViewer::contact(ports::Call call, ports::LinkRef link, ContactId id) {
  if (!is_contact_id(id.value)) co_return fail("not_found", "not a contact id", {{"provider", kProvider}});
  BELAY_CO_TRY(answer, co_await ask(call, link, request_for("get_contact", "GET", "/contacts/" + id.value), after(call.deadline)));
  BELAY_CO_TRY(contacts, contacts_in(answer));
  for (auto& contact : contacts) {
    if (contact.id == id) co_return std::move(contact);
  }
  co_return fail("not_found", "the contact is not in the answer", {{"provider", kProvider}});
}

Task<Result<std::vector<support::Contact>>> TeamViewer::contacts_named(ports::Call call, ports::LinkRef link, std::string text) {
  auto request = request_for("list_contacts", "GET", "/contacts");
  if (!text.empty()) request.query = {{"name", std::move(text)}};
  BELAY_CO_TRY(answer, co_await ask(call, link, std::move(request), after(call.deadline)));
  co_return contacts_in(answer);
}

Task<Result<void>> TeamViewer::invite(ports::Call call, ports::LinkRef link, std::string address, std::string group_id) {
  auto request = request_for("add_contact", "POST", "/contacts");
  // Without a name: it would have to have five characters, and people's own names are better.
  request.body = json::object{{"email", std::move(address)}, {"groupid", std::move(group_id)}, {"invite", true}};
  const auto sent = co_await ask(call, link, std::move(request), after(call.deadline));
  if (sent || tells_of_invitation(sent.error())) co_return Result<void>{};
  co_return std::unexpected(sent.error());
}

Result<std::string> TeamViewer::launch_url(const ContactId& contact, support::LaunchMode mode) const {
  if (!is_contact_id(contact.value)) return fail("not_found", "not a contact id", {{"provider", kProvider}});
  return settings_.launch_url + "/contact/" + in_launch_link(contact) + std::string(path_of(mode));
}

}  // namespace belay::teamviewer
