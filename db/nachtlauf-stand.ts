import { sql } from 'kysely'
import type { Stand } from '../domain/fall.ts'

/** The Stand of a row of fall (or of a set that RETURNs it) as the outbox carries it: the same as `rowToStand`, in SQL. */
export const STAND_JSON = sql<Stand>`jsonb_build_object('epoch', epoch, 'version', version, 'status', status,
  'erinnerungAm', to_char(erinnerung_am AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'offeneVorgaenge', offene_vorgaenge)`
