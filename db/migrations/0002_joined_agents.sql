-- Agents who asked for the same session a moment after it was created: a list of {"id", "name"}.
alter table support_session add column joined_by text not null default '[]';
