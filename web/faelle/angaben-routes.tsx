/** Fields a rule lacked, filled in from the Fall: stored in the profile, decided anew by the next night. */
import { type Context, Hono } from 'hono'
import { type Angabenblatt, getAngabenblatt, saveAngaben } from '../../db/angaben.ts'
import type { Fallakte } from '../../db/fallakte.ts'
import { type Angabe, listAngaben, readAngaben } from '../../domain/angaben.ts'
import { VORGANG } from '../../domain/ergebnisse.ts'
import { pfade } from '../pfade.ts'
import type { Env, WebDeps } from '../umgebung.ts'
import { Angabenformular, Angabenfuss } from './angaben-formular.tsx'
import { type Gezeigt, zeigeAkte, zeigeFehler } from './antwort.tsx'
import type { Formularstand } from './formularteile.tsx'
import { gefragt } from './gefragt.ts'
import { FALL_ID, getAkte, readEingabe } from './kontext.ts'
import { nachAktion } from './nach-aktion.tsx'

export const angabenRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.fallAngaben(FALL_ID), async (c) => zeigeAngaben(c, await getAkte(c)))
    .post(pfade.fallAngaben(FALL_ID), async (c) => {
      const { db, heute } = c.var
      const akte = await getAkte(c)
      const eingabe = await readEingabe(c)
      const offen = await openBlatt(c, akte)
      const gelesen = readAngaben(eingabe, offen.angaben, heute)
      if (!gelesen.ok && offen.angaben.length > 0) return zeigeFehler(c, akte, formular(offen, { eingabe, fehler: gelesen.fehler }))
      // Where nothing is open any more, it was this form's first press, or somebody else.
      if (gelesen.ok) await saveAngaben(db, akte.kunde_id, gelesen.werte, heute)
      const danach = await openBlatt(c, akte)
      return nachAktion(c, {
        vorher: akte,
        text: 'Angaben gespeichert. In der nächsten Nacht wird neu entschieden.',
        zeige: (nachher) => formular({ ...danach, akte: nachher }, {}),
        fokusAuf: '#akte .formular form h2',
        ziel: pfade.fallAngaben(akte.id),
      })
    })

export async function zeigeAngaben(c: Context<Env>, akte: Fallakte): Promise<Response> {
  return zeigeAkte(c, akte, formular(await openBlatt(c, akte), {}))
}

interface Offen {
  akte: Fallakte
  blatt: Angabenblatt
  angaben: Angabe[]
}

async function openBlatt(c: Context<Env>, akte: Fallakte): Promise<Offen> {
  const blatt = await getAngabenblatt(c.var.db, akte)
  return { akte, blatt, angaben: akte.gevo === VORGANG ? [] : listAngaben(gefragt(akte), blatt.kunde, blatt.vertraege, c.var.heute) }
}

function formular({ akte, blatt, angaben }: Offen, stand: Formularstand): Gezeigt {
  return {
    art: 'angaben',
    formular: <Angabenformular {...{ akte, blatt, angaben, stand }} />,
    fuss: <Angabenfuss angaben={angaben} />,
  }
}
