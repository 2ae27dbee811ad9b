from django.db import migrations

# A sequence for each year, made when its first case comes. The function runs as the owner, since
# the working role may make nothing. Numbers that a crash or a rollback took are not used again.
FUNCTION = """
CREATE FUNCTION next_event_number(year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sequence text := 'event_number_' || year;
BEGIN
  IF to_regclass('public.' || sequence) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext(sequence));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.%I', sequence);
  END IF;
  RETURN nextval('public.' || sequence);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION next_event_number")]
