-- When the next row is due is asked at every look of the worker: over what is leased and what is not, each by an index of its own.
create index outbox_leased on outbox (leased_until) where leased_until is not null;
