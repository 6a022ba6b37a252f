-- On a group of servers the reaper runs on each of them; both can run as often as they like.
CREATE {{reaper}} EVENT IF NOT EXISTS reaper ON SCHEDULE EVERY 2 SECOND DO CALL {{schema}}.reap()
//
CREATE {{owner}} EVENT IF NOT EXISTS purge_expired ON SCHEDULE EVERY 1 HOUR DO CALL {{schema}}.purge_expired()
//
