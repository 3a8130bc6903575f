/** Passwords everybody tries first. A small list of stems plus the ways people dress them up catches more than a long list of spellings. */

/** Lower case, without digits and punctuation. */
const STAEMME = new Set(
  `passwort password passwd passwort passwortpasswort passwordpassword meinpasswort meinpasswortist geheim geheimnis geheimespasswort
  hallo hallohallo halloduda hallowelt helloworld willkommen welcome welcomehome bienvenue
  qwertz qwerty qwertzu qwertzui qwertzuiop qwertyuiop qwertzuiopü asdfghjkl asdfghjklö yxcvbnm zxcvbnm qayxswedc qazwsx qazwsxedc qwertzasdfg qwertyasdfg
  ichliebedich iloveyou iloveyousomuch ilovemyself loveyou schatz schatzi liebling sonnenschein sunshine prinzessin princess
  admin administrator adminadmin administratoradministrator root rootroot user userpassword benutzer benutzername superuser supervisor systemadmin
  letmein lassmichrein changeme changemenow bitteaendern bitteändern start startstart startpasswort initial testtest test testpasswort demo demodemo default
  master masterpassword passwordmaster computer internet internetpasswort windows microsoft google facebook instagram samsung iphone android
  fussball fußball football baseball basketball bayernmuenchen fcbayern fcbayernmuenchen borussia borussiadortmund schalke schalkenullvier werderbremen hamburgersv
  superman batman spiderman starwars pokemon dragon michelle charlie daniel thomas michael alexander andreas stefan sabine nadine jennifer jessica
  sommer winter fruehling frühling herbst januar februar maerz märz april juni juli august september oktober november dezember
  montag dienstag mittwoch donnerstag freitag samstag sonntag weihnachten
  hamburg berlin muenchen münchen koeln köln frankfurt stuttgart duesseldorf düsseldorf dortmund leipzig dresden deutschland germany oesterreich österreich schweiz
  abcdefgh abcdefghi abcdefghij abcdefghijkl abcdefghijklm abc abcd abcde abcdef
  versicherung versicherungen versicherungsmakler versicherungsmaklerin makler maklerbuero maklerbüro maklerhaus vermittler vertrag vertraege verträge kunde kunden
  vorgangsmanagement vorgang vorgaenge vorgänge geschaeftsvorfall geschäftsvorfall geschaeftsvorfaelle geschäftsvorfälle
  blahblah blabla blablabla trustno trustnoone whatever football monkey shadow freedom ficken arschloch arschgesicht schokolade schmetterling hundkatzemaus
  correcthorsebatterystaple`
    .split(/\s+/)
    .filter((stamm) => stamm !== ''),
)

const REIHEN = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertzuiopüasdfghjklöäyxcvbnm',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qay2wsx3edc4rfv5tgb6zhn',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  '1q2w3e4r5t6z7u8i9o0p',
  '1q2w3e4r5t6y7u8i9o0p',
]

const ZIERDE: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

/** Whether a text is one of them, however it is dressed up: "Passwort2026!", "p4ssw0rt1234", "1234567890", "abcabcabcabc". */
export function isHaeufig(text: string): boolean {
  const klein = text.normalize('NFKC').toLowerCase()
  return isWiederholung(klein) || isReihe(klein) || staemmeOf(klein).some((stamm) => STAEMME.has(stamm))
}

/** One piece of at most four characters, again and again. */
function isWiederholung(text: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/u.test(text) && new Set(text).size <= 4
}

/** A run along the alphabet, the numbers or the keyboard, forwards or backwards; what hangs on it may be three characters. */
function isReihe(text: string): boolean {
  const kern = text.slice(0, Math.max(text.length - 3, 8))
  const rueckwaerts = [...kern].reverse().join('')
  return REIHEN.some((reihe) => (reihe + reihe).includes(kern) || (reihe + reihe).includes(rueckwaerts))
}

/** The word inside, digits and punctuation at the ends being ornament: as typed, and with disguises in the middle (0 for o) taken back. */
function staemmeOf(text: string): string[] {
  const kern = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const enttarnt = [...kern].map((zeichen) => ZIERDE[zeichen] ?? zeichen).join('')
  return [kern, enttarnt].map((t) => t.replace(/[\s._-]/g, ''))
}
