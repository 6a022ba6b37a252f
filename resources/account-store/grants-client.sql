-- What apps may do; given again on every run, as in grants.sql. {{client}} has no name, or is a proxy's.
-- By name, and never on the whole schema.
GRANT EXECUTE ON PROCEDURE {{schema}}.server_info TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.register_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.login_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.recover_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.logout_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.sessions_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.revoke_session_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.change_password_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.delete_account_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.push_v1 TO {{client}}
//
GRANT EXECUTE ON PROCEDURE {{schema}}.pull_v1 TO {{client}}
//
