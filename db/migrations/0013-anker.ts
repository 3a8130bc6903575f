import { type Kysely, sql } from 'kysely'

/** Anchors over the protokoll: each covers a Betrieb's rows since the one before, so that a chain that was cut off at its end shows, too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE protokoll_anker (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      betrieb_id integer NOT NULL REFERENCES betrieb ON DELETE CASCADE,
      -- Rows above the last anchor's and up to this number.
      bis_id bigint NOT NULL,
      zeilen integer NOT NULL,
      hash bytea NOT NULL,
      am timestamptz NOT NULL DEFAULT now(),
      UNIQUE (betrieb_id, bis_id)
    );
    CREATE INDEX protokoll_betrieb ON protokoll (betrieb_id, id);
    ALTER TABLE protokoll_anker ENABLE ROW LEVEL SECURITY;
    ALTER TABLE protokoll_anker FORCE ROW LEVEL SECURITY;
    CREATE POLICY eigner ON protokoll_anker TO CURRENT_USER USING (true) WITH CHECK (true);
    CREATE POLICY worker ON protokoll_anker TO vm_worker USING (true) WITH CHECK (true);
    GRANT SELECT, INSERT ON protokoll_anker TO vm_worker;
    GRANT USAGE ON SEQUENCE protokoll_anker_id_seq TO vm_worker;

    -- The newest number below which nothing can come any more: every writer holds this table, so whoever gets it alone sees them all done.
    CREATE FUNCTION protokoll_grenze() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET lock_timeout = '2s' AS $$
    BEGIN
      LOCK TABLE protokoll IN SHARE MODE;
      RETURN (SELECT coalesce(max(id), 0) FROM protokoll);
    END $$;
    REVOKE EXECUTE ON FUNCTION protokoll_grenze() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION protokoll_grenze() TO vm_worker;
  `.execute(db)
}
