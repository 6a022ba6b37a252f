-- The reaper, where the provider lets us: without it, a burning statement ends when its connection does.
GRANT SELECT (only_row, statement_seconds, idle_seconds) ON {{schema}}.store TO {{reaper_account}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.reap TO {{reaper_account}}
//
GRANT EVENT ON {{schema}}.* TO {{reaper_account}}
//
GRANT EVENT ON {{schema}}.* TO {{owner_account}}
//
GRANT PROCESS, {{connection_admin}} ON *.* TO {{reaper_account}}
//
GRANT SELECT (User, Host) ON mysql.user TO {{reaper_account}}
//
