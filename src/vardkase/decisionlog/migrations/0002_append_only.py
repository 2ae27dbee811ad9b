from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the decision log only grows: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
"""
GUARD = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
CHAIN = """
CREATE FUNCTION refuse_shortening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.key <> OLD.key OR NEW.length NOT IN (OLD.length, OLD.length + 1)
     OR (NEW.length = OLD.length) <> (NEW.head = OLD.head) THEN
    RAISE EXCEPTION 'a chain of the decision log only grows by one entry at a time';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grows_by_one BEFORE UPDATE ON decisionlog_chain
  FOR EACH ROW EXECUTE FUNCTION refuse_shortening();
CREATE TRIGGER is_never_deleted BEFORE DELETE ON decisionlog_chain
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON decisionlog_chain
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
ROLE = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'vardkase_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON decisionlog_entry, decisionlog_payload FROM vardkase_app;
    REVOKE DELETE, TRUNCATE ON decisionlog_chain FROM vardkase_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("decisionlog", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change CASCADE"),
        migrations.RunSQL(GUARD.format(table="decisionlog_entry"), migrations.RunSQL.noop),
        migrations.RunSQL(GUARD.format(table="decisionlog_payload"), migrations.RunSQL.noop),
        migrations.RunSQL(CHAIN, "DROP FUNCTION refuse_shortening CASCADE"),
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
    ]
