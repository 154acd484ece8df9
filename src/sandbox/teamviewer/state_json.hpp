// TeamViewer's part of the seed file and of control/state: one shape for both (docs/sandbox/). What a document names and is already there
// changes; what is not there is created; what it leaves out stays. Accounts are named by id or address, groups by id or name.
//
//   {"apps":        [{clientId, clientSecret, name, redirectUris: […], permissions: […]}],
//    "accounts":    [{id?, email, name, company, language, presence, features, picture: bool,
//                     licence: {id, type, active, paid, concurrentSessions}, revokeTokens?: true, expireTokens?: true}],
//    "groups":      [{id?, name, owner, sharedWith: {account: "read"|"readwrite"}}],
//    "contacts":    [{id?, owner, email, name, group, description, deleted?: true}],       (deleted: one that exists, by id or by owner and email)
//    "invitations": [{owner, email, group}],
//    "devices":     [{id?, owner, group, alias, description, remoteControlId, presence}],
//    "sessions":    [{code, online?: bool, state?: "open"|"closed"}],                      (existing ones only)
//    "settings":    {tokenLifeSeconds, codeLifeSeconds, rotateRefreshTokens, pingRefusesBadTokens, tokenExpiredStatus, licenceRefusalAsJson, basicDates,
//                    sessionPage, reportPage, reportDelaySeconds, down, blocked, rateLimits: {function|"*": {calls, seconds}}}}
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "sandbox/teamviewer/scene.hpp"

namespace belay::sandbox::teamviewer {

/// Everything, without tokens and without what only the supporter's link carries.
[[nodiscard]] json::object export_state(const Scene& scene);

/// Takes a whole document in, or nothing of it. Errors: `invalid_field`, `unknown_field`, with detail.field.
[[nodiscard]] Result<void> import_state(Scene& scene, const json::object& document);

/// Two registered apps, as a customer has them: the base one and the one with reports.
[[nodiscard]] json::object default_seed();

}  // namespace belay::sandbox::teamviewer
