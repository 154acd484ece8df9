-- Who has spoken on an issue. Read once from the comments, then kept true by events and the newest page.
create table roster (
  installation_id text not null references installation (id) on delete cascade,
  issue_id text not null,
  complete smallint not null check (complete in (0, 1)),
  next_start bigint not null,
  read_at bigint not null,
  primary key (installation_id, issue_id)
);

create table roster_author (
  installation_id text not null references installation (id) on delete cascade,
  issue_id text not null,
  account_id text not null,
  spoke_at bigint not null,
  primary key (installation_id, issue_id, account_id)
);

-- Whom an agent or admin tied by hand: to a contact of the provider, or to an address. One of the two is empty.
create table person_mapping (
  installation_id text not null references installation (id) on delete cascade,
  person_id text not null,
  provider text not null,
  contact_id text not null,
  contact_owner_id text not null,
  contact_user_id text not null,
  contact_name text not null,
  address text not null,
  mapped_by text not null,
  mapped_by_name text not null,
  mapped_at bigint not null,
  primary key (installation_id, person_id, provider)
);

-- Invitations that Belay asked the provider for. The address is not kept: it is looked up again when it is needed.
create table contact_invitation (
  installation_id text not null references installation (id) on delete cascade,
  agent_id text not null,
  person_id text not null,
  provider text not null,
  issue_id text not null,
  asked_at bigint not null,
  sent_at bigint,
  began smallint not null check (began in (0, 1)),
  last_error text,
  primary key (installation_id, agent_id, person_id, provider)
);

create index audit_entry_issue on audit_entry (installation_id, issue_id, action, happened_at) where issue_id is not null;
