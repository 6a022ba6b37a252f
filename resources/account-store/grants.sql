-- Who may do what; all of it given again on every run, since DROP PROCEDURE takes its grants along.
-- The owner of the routines: locked, and at home in this one schema.
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON {{schema}}.* TO {{owner_account}}
//
-- The client account, by name and never on the whole schema.
GRANT EXECUTE ON PROCEDURE {{schema}}.server_info TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.register_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.login_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.recover_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.logout_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.sessions_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.revoke_session_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.change_password_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.delete_account_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.push_v1 TO ''@'%'
//
GRANT EXECUTE ON PROCEDURE {{schema}}.pull_v1 TO ''@'%'
//
