// forge/manifest.yml as Forge reads it: which modules stand where, which endpoint each calls, with which tokens, and what the pages
// may load. The sandbox takes all of this from the real file, so that the manifest is what the tests exercise.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace belay::sandbox::forge {

/// Of an action of Jira's automation.
struct Input {
  std::string type;                         ///< string, integer, number, boolean
  bool required = false;
};

struct Module {
  std::string type;                         ///< jira:issueContext, trigger, scheduledTrigger, preUninstall …
  std::string key;
  std::string resource;
  std::string endpoint;                     ///< resolver.endpoint of a page, endpoint of a trigger
  std::map<std::string, std::string> title; ///< by language, "en" and "fr"; what the manifest says itself stands under ""
  std::vector<std::string> events;
  std::string interval;
  std::vector<std::string> actions;         ///< that an automation:actionProvider shows
  std::map<std::string, Input> inputs;      ///< of an action
  std::vector<std::string> unlicensed_access;   ///< who sees it besides licensed people: customer, unlicensed, anonymous
  bool use_as_config = false;
  bool ignore_self = false;
};

struct Endpoint {
  std::string key;
  std::string remote;
  std::string path;
  bool system_token = false;
  bool user_token = false;
};

struct Remote {
  std::string key;
  std::string base_url;                     ///< empty: the admin sets it
  std::string name;                         ///< of a configurable one
  bool configurable = false;
};

struct Resource {
  std::string key;
  std::string folder;                       ///< as written, relative to the manifest
};

class Manifest {
 public:
  /// Error `manifest_invalid`, its cause says where.
  static Result<Manifest> read(const std::filesystem::path& file);

  [[nodiscard]] std::vector<const Module*> of_type(std::string_view type) const;
  [[nodiscard]] const Module* module(std::string_view key) const;
  [[nodiscard]] const Endpoint* endpoint(std::string_view key) const;
  [[nodiscard]] const Remote* remote(std::string_view key) const;
  [[nodiscard]] const Resource* resource(std::string_view key) const;
  [[nodiscard]] bool has_scope(std::string_view scope) const;
  /// The last part of the app's ARI, as it stands in Jira's addresses.
  [[nodiscard]] std::string app_uuid() const;

  std::string app_id;                       ///< ari:cloud:ecosystem::app/<uuid>
  std::filesystem::path folder;             ///< where the manifest lies
  std::vector<Module> modules;
  std::vector<Endpoint> endpoints;
  std::vector<Remote> remotes;
  std::vector<Resource> resources;
  std::vector<std::string> scopes;
  std::vector<std::string> styles;          ///< permissions.content.styles, e.g. unsafe-inline
  std::vector<std::string> images;          ///< permissions.external.images
};

/// Whether somebody with such an account (jira_cloud::Person::type) has the module's page at all.
[[nodiscard]] bool is_open_to(const Module& module, std::string_view account_type);

/// The title in that language, else in English, else whatever there is.
[[nodiscard]] std::string title_of(const Module& module, std::string_view language);

}  // namespace belay::sandbox::forge
