-- Reports over sessions: the figures of a result beside it, and sessions in the order in which they were asked for.
alter table support_session add column report_connections bigint;
alter table support_session add column report_seconds bigint;
alter table support_session add column report_rating bigint;
update support_session set report_connections = json_extract(report, '$.connections'),
  report_seconds = case when json_extract(report, '$.ended') is not null then json_extract(report, '$.seconds') end,
  report_rating = json_extract(report, '$.rating') where report is not null;
create index support_session_created on support_session (installation_id, created_at, id);
