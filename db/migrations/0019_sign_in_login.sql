-- What somebody signs in to Jira with, as Jira's pages say it: a page of ours that stands in somebody else's asks who they are.
alter table sign_in_code add column login text not null default '';
alter table sign_in add column login text not null default '';
