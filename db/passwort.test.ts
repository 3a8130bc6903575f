import { expect, test } from 'vitest'
import { checkPassword, hashPassword, verifyPassword } from './passwort.ts'

test('a password is stored as argon2id with 46 MiB and its own salt, and only the same text opens it', async () => {
  const [eins, zwei] = await Promise.all([hashPassword('Regen Kante Ofen'), hashPassword('Regen Kante Ofen')])
  expect(eins).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(eins).not.toBe(zwei)
  expect(await verifyPassword(eins, 'Regen Kante Ofen')).toBe(true)
  expect(await verifyPassword(eins, 'regen Kante Ofen')).toBe(false)
  expect(await verifyPassword(eins, '')).toBe(false)
})

test('a known argon2id vector verifies (RFC 9106 reference implementation, m=64 MiB, t=2, p=1)', async () => {
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await verifyPassword(hash, 'password')).toBe(true)
  expect(await verifyPassword(hash, 'passwort')).toBe(false)
})

test('an umlaut opens the account on every keyboard, composed or not', async () => {
  expect(await verifyPassword(await hashPassword('Grüne Tür im Hof'.normalize('NFC')), 'Grüne Tür im Hof'.normalize('NFD'))).toBe(true)
})

test('what is not a hash of ours opens nothing and costs nothing', async () => {
  for (const hash of [
    '',
    'Regen Kante Ofen',
    '$argon2id$v=19$m=9999999,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    'salt:hex',
  ])
    expect(await verifyPassword(hash, 'Regen Kante Ofen')).toBe(false)
})

test('twenty logins at once all get their answer', async () => {
  const hash = await hashPassword('Regen Kante Ofen')
  const antworten = await Promise.all(Array.from({ length: 20 }, (_, i) => verifyPassword(hash, i % 2 ? 'Regen Kante Ofen' : 'falsch geraten')))
  expect(antworten).toEqual(Array.from({ length: 20 }, (_, i) => i % 2 === 1))
})

test('a flood of logins is turned away at once instead of queueing for minutes', { timeout: 60_000 }, async () => {
  const hash = await hashPassword('Regen Kante Ofen')
  const antworten = await Promise.all(Array.from({ length: 50 }, () => verifyPassword(hash, 'falsch geraten')))
  expect(antworten.filter((antwort) => antwort === undefined)).toHaveLength(18)
  expect(await verifyPassword(hash, 'Regen Kante Ofen')).toBe(true)
})

test('a password of nine characters is too short, of ten or 128 is fine, of 129 too long', () => {
  expect(checkPassword('Grün7Ofen')).toContain('mindestens 10 Zeichen')
  expect(checkPassword('Grün7Ofens')).toBeNull()
  const lang = 'Kirsche9'.repeat(16)
  expect(checkPassword(lang)).toBeNull()
  expect(checkPassword(`${lang}x`)).toContain('Höchstens 128 Zeichen')
})

test.each([
  '1234567890',
  '0987654321',
  'qwertzuiop',
  'QWERTZ12345',
  'Passwort2026!',
  'P4ssw0rt1234',
  'aaaaaaaaaa',
  'abcabcabcabc',
  'hallohallo',
  'Versicherungsmakler1',
  'Hamburg2026!!',
  '1q2w3e4r5t',
  'München2026',
])('"%s" is too easy to guess', (text) => expect(checkPassword(text)).toContain('leicht zu erraten'))

test.each(['drei Katzen tanzen', 'Zwiebelkuchen-Montag', '7Wale&9Möwen', 'äöüßÄÖÜ-Kranich', 'a1b9c7d2e5f3'])(
  '"%s" may be chosen, without rules of composition',
  (text) => expect(checkPassword(text)).toBeNull(),
)
