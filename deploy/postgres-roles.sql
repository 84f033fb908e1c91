-- The second of two roles (docs/audit.md): console, workers and commands work as it, and it can't change the audit trail.
-- The image of PostgreSQL runs this by psql as POSTGRES_USER, the owner of the tables, when it makes its first database. In
-- one that is there already: docker compose exec postgres psql -U punctual punctual, and these two statements.
\getenv password PUNCTUAL_APP_PASSWORD
CREATE ROLE punctual_app LOGIN PASSWORD :'password';
GRANT punctual_app TO CURRENT_USER;
