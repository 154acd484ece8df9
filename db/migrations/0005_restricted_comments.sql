-- Comments that only a role or group may read: their authors are shown to nobody else. Rosters hold what is at Jira too, and are read anew.
drop table roster_author;
drop table roster;

create table roster (
  installation_id text not null references installation (id) on delete cascade,
  issue_id text not null,
  complete smallint not null check (complete in (0, 1)),
  next_start bigint not null,
  total bigint not null,
  top bigint not null,
  read_to bigint not null,
  read_at bigint not null,
  doubted_at bigint not null,
  primary key (installation_id, issue_id)
);

create table roster_author (
  installation_id text not null references installation (id) on delete cascade,
  issue_id text not null,
  account_id text not null,
  restricted_to text not null,
  spoke_at bigint not null,
  comment_id text not null,
  primary key (installation_id, issue_id, account_id, restricted_to)
);
