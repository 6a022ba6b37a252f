-- On Galera the reaper has to be enabled on each node by hand (docs/account-store.md).
CREATE {{reaper}} EVENT IF NOT EXISTS reaper ON SCHEDULE EVERY 2 SECOND DO CALL {{schema}}.reap()
//
CREATE {{owner}} EVENT IF NOT EXISTS purge_expired ON SCHEDULE EVERY 1 HOUR DO CALL {{schema}}.purge_expired()
//
