-- What the admins of one project decided. Jira's numeric id of the project: its key can be changed.
create table project_settings (
  installation_id text not null references installation (id) on delete cascade,
  project_id text not null,
  document text not null,
  version bigint not null,
  primary key (installation_id, project_id)
);
