-- The first schema. One text for SQLite and PostgreSQL: ids are TEXT, times BIGINT milliseconds since 1970, flags SMALLINT,
-- JSON is TEXT. The installation is the first column of every key that belongs to one; rows that belong to a paired
-- installation go with it. Columns named sealed_… hold envelopes of AES-256-GCM, never plain text.

create table installation (
  id text not null,
  cloud_id text not null,
  site_url text not null,
  api_base_url text not null,
  app_id text not null,
  environment_id text not null,
  paired_at bigint not null,
  paired_by text not null,
  paired_by_name text not null,
  leaving_since bigint,
  app_token_received_at bigint,
  app_token_expires_at bigint,
  last_tick_at bigint,
  primary key (id)
);

-- Jira's tokens may come before the installation is paired, so they do not refer to it.
create table system_token (
  installation_id text not null,
  sealed_secret text not null,
  expires_at bigint not null,
  received_at bigint not null,
  primary key (installation_id)
);
create index system_token_end on system_token (expires_at);

create table user_token (
  installation_id text not null,
  account_id text not null,
  sealed_secret text not null,
  expires_at bigint not null,
  primary key (installation_id, account_id)
);
create index user_token_end on user_token (expires_at);

create table pairing_code (
  code_hash text not null,
  site_url text not null,
  expires_at bigint not null,
  used_at bigint,
  primary key (code_hash)
);

-- Wrong tries, also of installations that are not paired.
create table failed_pairing (
  installation_id text not null,
  failed_at bigint not null,
  tries bigint not null,
  primary key (installation_id, failed_at)
);

create table account_link (
  installation_id text not null references installation (id) on delete cascade,
  id text not null,
  account_id text not null,
  account_name text not null,
  provider text not null,
  provider_account_id text not null,
  provider_account_name text not null,
  provider_account_email text not null,
  provider_account_company text not null,
  provider_account_picture text not null,
  licence_type text not null,
  licence_active smallint not null check (licence_active in (0, 1)),
  licence_paid smallint not null check (licence_paid in (0, 1)),
  sealed_access_token text not null,
  sealed_refresh_token text not null,
  grant_expires_at bigint not null,
  linked_at bigint not null,
  checked_at bigint not null,
  expired smallint not null check (expired in (0, 1)),
  ending_since bigint,
  group_name text not null,
  group_id text not null,
  primary key (installation_id, id),
  unique (installation_id, account_id, provider)
);

create table link_attempt (
  installation_id text not null references installation (id) on delete cascade,
  state_hash text not null,
  account_id text not null,
  sealed_code_verifier text not null,
  return_url text not null,
  expires_at bigint not null,
  primary key (installation_id, state_hash)
);
create unique index link_attempt_state on link_attempt (state_hash);
create index link_attempt_end on link_attempt (expires_at);

create table parked_grant (
  installation_id text not null references installation (id) on delete cascade,
  token_hash text not null,
  account_id text not null,
  sealed_access_token text not null,
  sealed_refresh_token text not null,
  grant_expires_at bigint not null,
  provider_account_id text not null,
  provider_account_name text not null,
  provider_account_email text not null,
  provider_account_company text not null,
  provider_account_picture text not null,
  licence_type text not null,
  licence_active smallint not null check (licence_active in (0, 1)),
  licence_paid smallint not null check (licence_paid in (0, 1)),
  expires_at bigint not null,
  primary key (installation_id, token_hash)
);
create unique index parked_grant_token on parked_grant (token_hash);

create table support_session (
  installation_id text not null references installation (id) on delete cascade,
  id text not null,
  issue_id text not null,
  issue_key text not null,
  provider text not null,
  creator_id text not null,
  creator_name text not null,
  supporter_id text not null,
  supporter_name text not null,
  customer_id text,
  customer_name text not null,
  customer_email text not null,
  description text not null,
  invitation text not null,
  language text not null,
  state text not null,
  created_at bigint not null,
  valid_until bigint not null,
  ended_at bigint,
  code text,
  customer_link text,
  made_at bigint,
  comment_id text,
  session_step text not null,
  invitation_step text not null,
  closing_step text not null,
  notice_step text not null,
  provider_asked smallint not null check (provider_asked in (0, 1)),
  comment_asked smallint not null check (comment_asked in (0, 1)),
  last_error text,
  notes text not null,
  version bigint not null,
  primary key (installation_id, id),
  check ((ended_at is not null) = (state in ('closed', 'expired', 'failed', 'reported'))),
  check ((code is null) = (customer_link is null) and (code is null) = (made_at is null))
);
create index support_session_issue on support_session (installation_id, issue_id, created_at, id);
create index support_session_creator on support_session (installation_id, creator_id, created_at, id);
create index support_session_supporter on support_session (installation_id, supporter_id, created_at, id);
create index support_session_unfinished on support_session (installation_id, creator_id, created_at, id) where ended_at is null;

-- What an Idempotency-Key stands for.
create table keyed_request (
  installation_id text not null references installation (id) on delete cascade,
  account_id text not null,
  request_key text not null,
  body_hash text not null,
  session_id text not null,
  expires_at bigint not null,
  primary key (installation_id, account_id, request_key)
);
create index keyed_request_end on keyed_request (expires_at);

create table settings (
  installation_id text not null references installation (id) on delete cascade,
  document text not null,
  version bigint not null,
  primary key (installation_id)
);

create table audit_entry (
  installation_id text not null references installation (id) on delete cascade,
  id text not null,
  happened_at bigint not null,
  actor_id text,
  action text not null,
  issue_id text,
  session_id text,
  person_id text,
  peer text not null,
  detail text not null,
  primary key (installation_id, id)
);
create index audit_entry_time on audit_entry (installation_id, happened_at, id);

-- One row for each thing that has to happen outside. wanted_at: put() asked for it again while it was leased.
-- hastened_to: hasten() came while it was leased.
create table outbox (
  installation_id text not null references installation (id) on delete cascade,
  kind text not null,
  subject text not null,
  id text not null,
  payload text not null,
  due_at bigint not null,
  attempts bigint not null,
  leased_until bigint,
  leased_by text not null,
  wanted_at bigint,
  hastened_to bigint,
  set_aside_at bigint,
  last_error text,
  primary key (installation_id, kind, subject)
);
create unique index outbox_id on outbox (id);
create index outbox_due on outbox (due_at, id) where set_aside_at is null;
