-- Erases that may take long, and how far they are: of what is older than the admin's retention (an empty subject), and of one account.
create table erasure (
  installation_id text not null references installation (id) on delete cascade,
  subject text not null,
  days bigint not null,
  began_at bigint not null,
  to_erase bigint not null,
  sessions bigint not null,
  entries bigint not null,
  others bigint not null,
  ended_at bigint,
  primary key (installation_id, subject)
);

-- Whose ids are kept, and when each was last reported to Atlassian. fetched_at: nothing of theirs is older than that.
create table kept_account (
  installation_id text not null references installation (id) on delete cascade,
  account_id text not null,
  fetched_at bigint not null,
  reported_at bigint,
  primary key (installation_id, account_id)
);
create index kept_account_reported on kept_account (installation_id, reported_at, account_id);

-- Reported and erased since: as hashes, and only until they may be reported again, should their ids come from Jira once more.
create table erased_account (
  installation_id text not null references installation (id) on delete cascade,
  account_hash text not null,
  reported_at bigint not null,
  primary key (installation_id, account_hash)
);

create table account_report (
  installation_id text not null references installation (id) on delete cascade,
  listed_at bigint not null,
  reported_at bigint,
  cycle_days bigint not null,
  last_error text,
  primary key (installation_id)
);

-- By age.
create index support_session_ended on support_session (installation_id, ended_at, id) where ended_at is not null;
create index contact_invitation_asked on contact_invitation (installation_id, asked_at);
create index roster_read on roster (installation_id, read_at);
create index outbox_subject on outbox (installation_id, subject);
-- By account, where none of the keys begins with it.
create index support_session_customer on support_session (installation_id, customer_id, id) where customer_id is not null;
create index support_session_others on support_session (installation_id, id) where joined_by <> '[]' or before_connect is not null;
create index contact_invitation_person on contact_invitation (installation_id, person_id);
create index roster_author_account on roster_author (installation_id, account_id, issue_id);
