-- What Forge calls the installation now. An app that was installed anew on the same site has another name there; what is kept stays under `id`.
alter table installation add column known_as text not null default '';
update installation set known_as = id;
create unique index installation_known_as on installation (known_as);
