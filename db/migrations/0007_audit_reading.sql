-- The log is read by filters, newest first, a page at a time: each filter that leads has an index in that order. The key of the issue and the
-- code of the session stand in the entry as they were, so that it can be read, and found, after either is gone.
alter table audit_entry add column issue_key text;
alter table audit_entry add column session_code text;

update audit_entry set
  issue_key = (select s.issue_key from support_session s where s.installation_id = audit_entry.installation_id and s.id = audit_entry.session_id),
  session_code = (select s.code from support_session s where s.installation_id = audit_entry.installation_id and s.id = audit_entry.session_id)
  where session_id is not null;

create index audit_entry_actor on audit_entry (installation_id, actor_id, happened_at, id) where actor_id is not null;
create index audit_entry_belay on audit_entry (installation_id, happened_at, id) where actor_id is null;
create index audit_entry_action on audit_entry (installation_id, action, happened_at, id);
create index audit_entry_issue_time on audit_entry (installation_id, issue_id, happened_at, id) where issue_id is not null;
create index audit_entry_session on audit_entry (installation_id, session_id, happened_at, id) where session_id is not null;
create index audit_entry_person on audit_entry (installation_id, person_id, happened_at, id) where person_id is not null;
create index audit_entry_issue_key on audit_entry (installation_id, issue_key, happened_at, id) where issue_key is not null;
create index audit_entry_session_code on audit_entry (installation_id, session_code, happened_at, id) where session_code is not null;
create index support_session_code on support_session (installation_id, code, created_at, id) where code is not null;

create index outbox_set_aside on outbox (installation_id, set_aside_at, id) where set_aside_at is not null;
