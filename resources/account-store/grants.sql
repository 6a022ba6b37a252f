-- Who may do what; all of it given again on every run, since DROP PROCEDURE takes its grants along.
-- The owner of the routines: locked, and at home in this one schema.
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON {{schema}}.* TO {{owner_account}}
//
