/**
 * Which counters a try runs into (OWASP, "Slow down online guessing attacks with device cookies"): a browser that has logged in before
 * counts for itself, so guesses from elsewhere never lock the owner out; all others share the account's counter.
 */
import { getConnInfo } from '@hono/node-server/conninfo'
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Bremse } from '../../db/versuche.ts'
import type { WebConfig } from '../umgebung.ts'
import { isHttps } from '../zugang.ts'

const GERAET = 'geraet'
const HALBES_JAHR_S = 180 * 24 * 60 * 60

export function anmeldeBremsen(c: Context, config: WebConfig, email: string): Bremse[] {
  const geraet = findGeraet(c, config, email)
  return [
    { schluessel: geraet ? `geraet:${geraet}` : `konto:${kurz(email)}`, hoechstens: 10, minuten: 15 },
    { schluessel: `netz:${netz(c, config)}`, hoechstens: 100, minuten: 15 },
  ]
}

/** `formular`: the id of the form that asks; pressed twice, it is one request and counts as one. */
export function linkBremsen(c: Context, config: WebConfig, email: string, formular: string): Bremse[] {
  return [
    ...(/^[\w-]{8,64}$/.test(formular) ? [{ schluessel: `formular:${kurz(formular)}`, hoechstens: 1, minuten: 60 }] : []),
    { schluessel: `link:${kurz(email)}`, hoechstens: 3, minuten: 60 },
    { schluessel: `netz:link:${netz(c, config)}`, hoechstens: 20, minuten: 60 },
  ]
}

export function einrichtungsBremse(c: Context, config: WebConfig): Bremse {
  return { schluessel: `netz:einrichtung:${netz(c, config)}`, hoechstens: 20, minuten: 15 }
}

/** Remembers that this browser has logged in to this account; says nothing about whether it still is. */
export function writeGeraet(c: Context, config: WebConfig, email: string): void {
  const nummer = randomBytes(12).toString('base64url')
  const wert = `${nummer}.${siegel(config, email, nummer)}`
  setCookie(c, GERAET, wert, { path: '/anmelden', httpOnly: true, sameSite: 'Lax', secure: isHttps(config), maxAge: HALBES_JAHR_S })
}

function findGeraet(c: Context, config: WebConfig, email: string): string | undefined {
  const [nummer, zeichen] = (getCookie(c, GERAET) ?? '').split('.')
  if (!nummer || !zeichen) return undefined
  const [soll, ist] = [Buffer.from(siegel(config, email, nummer)), Buffer.from(zeichen)]
  return soll.length === ist.length && timingSafeEqual(soll, ist) ? nummer : undefined
}

function siegel(config: WebConfig, email: string, nummer: string): string {
  return createHmac('sha256', config.sessionSecret).update(`geraet|${email.trim().toLowerCase()}|${nummer}`).digest('base64url')
}

/** An address is not kept as it is: the counter needs only to tell it from others. */
function kurz(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url').slice(0, 22)
}

/** The caller's address, an IPv6 one by its /64. X-Forwarded-For counts only behind a proxy of ours, and there only what it added itself. */
function netz(c: Context, { proxy }: WebConfig): string {
  const weitergereicht = proxy ? c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() : undefined
  const adresse = weitergereicht ?? socketAddress(c) ?? 'unbekannt'
  return kurz(adresse.includes(':') && !adresse.includes('.') ? adresse.split(':').slice(0, 4).join(':') : adresse)
}

function socketAddress(c: Context): string | undefined {
  // Asked directly (tests), a request has no socket.
  return c.env?.incoming ? getConnInfo(c).remote.address : undefined
}
