// /contacts: the agent's list, adding and inviting (TeamViewer's API manual, section 4.9).
#include "sandbox/teamviewer/api.hpp"

#include <algorithm>
#include <ranges>

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::size_t kBytes = 4096;

/// One of the addresses of a comma-separated filter; exact but for ASCII case.
bool asked_for(std::string_view filter, std::string_view address) {
  return std::ranges::any_of(std::views::split(filter, ','), [&](auto part) { return same_text(std::string_view(part), address); });
}

bool looks_like_address(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos;
}

/// `with_email`: only calls that filter by address are told addresses (trap 6).
json::object contact_json(const Scene& scene, const Contact& contact, bool with_email) {
  json::object body{{"contact_id", contact.id}, {"name", contact.name}, {"groupid", contact.group}, {"online_state", wire_name(scene.world.presence_of(contact))}};
  if (with_email) body["email"] = contact.email;
  if (!contact.description.empty()) body["description"] = contact.description;
  if (const auto* behind = scene.world.account(contact.user)) {
    body["user_id"] = behind->id;
    if (const auto picture = scene.picture_url(*behind); !picture.empty()) body["profilepicture_url"] = picture;
    if (!behind->features.empty()) body["supported_features"] = behind->features;
  }
  return body;
}

Contact* contact_of_path(Call& call) {
  const auto found = call.world().contacts.find(call.ids.front());
  return found == call.world().contacts.end() || found->second.owner != call.account.id ? nullptr : &found->second;
}

}  // namespace

net::Response list_contacts(Call& call) {
  const auto& request = call.request;
  if (auto refused = refuse_other_parameters(request, {"name", "email", "online_state", "groupid", "include_invitations"})) return *refused;
  const auto with_invitations = flag(request, "include_invitations");
  if (!with_invitations) return with_invitations.error();
  const auto name = request.parameter("name");
  const auto email = request.parameter("email");
  const auto group = request.parameter("groupid");
  if (group && !is_id(*group, 'g')) return invalid_request("The parameter groupid is malformed.");
  // One that is no address makes the whole list malformed. That is not documented, and the careful reading: it may well be so.
  const auto is_address = [](auto part) { return looks_like_address(std::string_view(part)); };
  if (email && !std::ranges::all_of(std::views::split(std::string_view(*email), ','), is_address)) return invalid_request("The parameter email is malformed.");
  std::optional<Presence> presence;
  if (const auto word = request.parameter("online_state")) {
    presence = presence_from(*word);
    if (!presence) return invalid_request("The parameter online_state is malformed.");
  }

  json::array contacts;
  for (const auto& [id, contact] : call.world().contacts) {
    if (contact.owner != call.account.id) continue;
    if (name && !contains_text(contact.name, *name)) continue;
    if (email && !asked_for(*email, contact.email)) continue;
    if (group && contact.group != *group) continue;
    if (presence && call.world().presence_of(contact) != *presence) continue;
    contacts.push_back(contact_json(call.scene, contact, email.has_value()));
  }
  json::object body{{"contacts", std::move(contacts)}};
  if (with_invitations->value_or(false)) {
    json::array invitations;
    for (const auto& [id, invitation] : call.world().invitations) {
      if (invitation.owner != call.account.id) continue;
      if (email && !asked_for(*email, invitation.email)) continue;
      if (group && invitation.group != *group) continue;
      invitations.push_back(json::object{{"groupid", invitation.group}, {"email", invitation.email}});
    }
    body["invitations"] = std::move(invitations);
  }
  return answer(body);
}

net::Response get_contact(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  if (!is_id(call.ids.front(), 'c')) return invalid_request("The contact ID is malformed.");
  const auto* contact = contact_of_path(call);
  if (contact == nullptr) return not_found();
  // The list with one entry, not a bare contact.
  return answer({{"contacts", json::array{contact_json(call.scene, *contact, false)}}});
}

net::Response add_contact(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  const auto body = body_of(call.request);
  if (!body) return body.error();
  json::Reader reader{*body};
  const auto email = reader.required_string("email", kBytes);
  const auto group_id = reader.optional_string("groupid", kBytes);
  const auto group_name = reader.optional_string("groupname", kBytes);
  const auto name = reader.optional_string("name", kBytes);
  const auto description = reader.optional_string("description", kBytes);
  const auto invite = reader.optional_bool("invite").value_or(false);
  if (!looks_like_address(email)) reader.refuse("email", "an e-mail address");
  if (name && (characters(*name) < 5 || characters(*name) > 50)) reader.refuse("name", "5 to 50 characters");
  if (auto refused = refuse_problem(reader)) return *refused;
  if (same_text(email, call.account.email)) return invalid_request("This is the user's own address.");
  const bool known = std::ranges::any_of(call.world().contacts, [&](const auto& entry) {
    return entry.second.owner == call.account.id && same_text(entry.second.email, email);
  });
  if (known) return invalid_request("This contact is already in the list.");
  const auto* behind = call.world().account_with_email(email);
  if (behind == nullptr && !invite) return invalid_request("There is no account with this e-mail address.");
  const auto group = group_of_body(call, group_id, group_name);
  if (!group) return group.error();

  if (behind == nullptr) {
    // A second invitation to the same address is the first one, sent again.
    const auto sent = std::ranges::find_if(call.world().invitations, [&](const auto& entry) {
      return entry.second.owner == call.account.id && same_text(entry.second.email, email);
    });
    const bool again = sent != call.world().invitations.end();
    const auto id = again ? sent->first : call.world().next_id('i');
    call.world().invitations[id] = Invitation{.id = id, .owner = call.account.id, .group = (*group)->id, .email = email, .name = name.value_or(""), .sent = call.now};
    call.scene.note("invitation.sent", call.account.id, {{"invitation", id}, {"group", (*group)->id}}, {}, {{"email", email}, {"again", again}});
    // Reported as an error although the mail went out (trap 7).
    return invalid_request("The contact could not be added. An invitation was sent instead.");
  }
  const auto id = call.world().next_id('c');
  const auto& contact = call.world().contacts
                            .emplace(id, Contact{.id = id, .owner = call.account.id, .user = behind->id, .name = name.value_or(behind->name), .email = behind->email,
                                                 .group = (*group)->id, .description = description.value_or("")})
                            .first->second;
  call.scene.note("contact.added", call.account.id, {{"contact", id}, {"group", contact.group}}, {}, {{"email", contact.email}});
  return answer(contact_json(call.scene, contact, false));
}

net::Response delete_contact(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  if (!is_id(call.ids.front(), 'c')) return invalid_request("The contact ID is malformed.");
  const auto* contact = contact_of_path(call);
  if (contact == nullptr) return not_found();
  call.scene.note("contact.removed", call.account.id, {{"contact", contact->id}}, {}, {{"email", contact->email}});
  call.world().contacts.erase(contact->id);
  return no_content();
}

}  // namespace belay::sandbox::teamviewer
