from django.db import migrations, models

# One partition a month: a month is dropped whole, and a message costs two index entries at most.
# lz4 where the server has it: half the work of the older way for long messages.
RAW = """
CREATE TABLE detections_raw (
  received timestamptz NOT NULL, batch bigint NOT NULL, line integer NOT NULL, part integer NOT NULL,
  source varchar(80) NOT NULL, fingerprint bytea, occurred timestamptz NOT NULL,
  aside varchar(300), body bytea
) PARTITION BY RANGE (received);
CREATE INDEX raw_by_group ON detections_raw (fingerprint, received) WHERE fingerprint IS NOT NULL;
CREATE INDEX raw_aside ON detections_raw (received, batch, line) WHERE aside IS NOT NULL;
CREATE INDEX raw_by_time ON detections_raw USING brin (received);
DO $$ BEGIN
  ALTER TABLE detections_raw ALTER body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
CREATE TABLE detections_raw_other PARTITION OF detections_raw DEFAULT;
ALTER TABLE detections_detection SET (fillfactor = 75);
"""
# Made and dropped with the owner's rights, for the worker owns nothing. Text, not dates, so that
# no time zone of a session moves a month's limits.
MONTHS = """
CREATE FUNCTION detections_make_month(month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first date := date_trunc('month', month)::date;
  after date := (date_trunc('month', month) + interval '1 month')::date;
  name text := 'detections_raw_' || to_char(first, 'YYYYMM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE detections_raw INCLUDING ALL)', name);
  EXECUTE format('WITH moved AS (DELETE FROM detections_raw_other WHERE received >= %L AND '
    'received < %L RETURNING *) INSERT INTO %I SELECT * FROM moved', first, after, name);
  EXECUTE format('ALTER TABLE detections_raw ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    name, first, after);
  RETURN true;
END $$;
CREATE FUNCTION detections_drop_months(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  name text; gone integer := 0;
BEGIN
  FOR name IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'detections_raw'::regclass AND c.relname ~ '^detections_raw_[0-9]{6}$'
      AND to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' <= least(before, now())
  LOOP
    EXECUTE format('DROP TABLE %I', name);
    gone := gone + 1;
  END LOOP;
  DELETE FROM detections_raw_other WHERE received < least(before, now());
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION detections_make_month, detections_drop_months FROM PUBLIC;
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'vardkase_app') THEN
    GRANT EXECUTE ON FUNCTION detections_make_month, detections_drop_months TO vardkase_app;
  END IF;
END $$;
SELECT detections_make_month((now() + make_interval(months => n))::date)
FROM generate_series(0, 2) n;
"""
AWAY = """
DROP FUNCTION detections_make_month, detections_drop_months;
DROP TABLE detections_raw;
"""


class Migration(migrations.Migration):
    dependencies = [("detections", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Raw",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "received",
                                "batch",
                                "line",
                                "part",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("received", models.DateTimeField(verbose_name="received")),
                        ("batch", models.BigIntegerField()),
                        ("line", models.IntegerField(verbose_name="line")),
                        ("part", models.IntegerField()),
                        ("source", models.CharField(max_length=80, verbose_name="source")),
                        ("fingerprint", models.BinaryField(max_length=16, null=True)),
                        ("occurred", models.DateTimeField(verbose_name="happened")),
                        (
                            "aside",
                            models.CharField(
                                max_length=300, null=True, verbose_name="why it was set aside"
                            ),
                        ),
                        ("body", models.BinaryField(null=True, verbose_name="message")),
                    ],
                    options={
                        "verbose_name": "message",
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(RAW, migrations.RunSQL.noop),
                migrations.RunSQL(MONTHS, AWAY),
            ],
        )
    ]
