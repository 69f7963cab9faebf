/** What a full stop stands behind in a language without ending its sentence. */
export interface Abbreviations {
  /** Always followed by more of the sentence: titles, "e.g.". */
  readonly never: ReadonlySet<string>;
  /** May be the last word of a sentence: "etc.", "p.m.". */
  readonly maybe: ReadonlySet<string>;
  /** Stand before a number: "No. 5". Elsewhere a word like any other. */
  readonly numbered: ReadonlySet<string>;
  /** Words that begin sentences: what follows "etc." decides whether it was an end. Empty: any capital does. */
  readonly starters: ReadonlySet<string>;
  /** Whether a number with a stop is an ordinal: "am 3. Mai". */
  readonly ordinals: boolean;
}

interface Words {
  readonly never: string;
  readonly maybe: string;
  readonly numbered: string;
  readonly starters: string;
  readonly ordinals?: boolean;
}

/** In use in every language. Words are written without their last stop. */
const everywhere: Words = {
  never: 'Dr Prof Mr Mrs Ms Mx e.g i.e z.B d.h vs cf viz approx ca',
  maybe: 'etc Ph.D al Inc Ltd Corp Co Jr Sr St',
  numbered: 'No Nr Nos Fig Vol pp p Art Sec Ch',
  starters: '',
};

const languages: Readonly<Record<string, Words>> = {
  en: {
    never: 'Messrs Mt Ft Gen Sen Rep Gov Pres Hon Rev Sgt Capt Lt Col Maj Cmdr Adm incl excl resp',
    maybe: 'Ave Blvd Rd dept est Bros Mon Tue Tues Wed Thu Thurs Fri',
    numbered: 'Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Eq Ex nos ver',
    starters:
      "The A An I I'm I'll I've I'd You You're You'll He He's She She's It It's We We're We'll They They're This That " +
      "That's These Those There There's Here Here's My Your His Her Our Their What When Where Who Why How If In On At " +
      "As After Before But And So Or Then Now Please Yes No Not Let Let's Do Does Did Don't Is Are Was Were Can Could " +
      'Would Should Have Has However Also Because While For From With To By Once Just Well Okay Next Finally First',
  },
  de: {
    never:
      'Hr Fr Frl Fa bzw ggf inkl exkl evtl vgl Hrsg Dipl Ing Univ med jur phil rer nat sog allg u.a o.ä s.o s.u v.a i.d.R z.T m.E',
    maybe: 'usw usf Str Mio Mrd Tsd Mwst',
    numbered: 'Abs Abb Bd Kap S Tel Ziff Jan Febr Feb Aug Sept Okt Nov Dez',
    starters:
      'Der Die Das Den Dem Ein Eine Einen Einem Einer Ich Du Er Sie Es Wir Ihr Man Dies Diese Dieser Dieses Mein Meine ' +
      'Dein Sein Unser Und Aber Oder Denn Wenn Als Dann Danach Doch Da Dort Hier Heute Morgen Jetzt Nun In Im Am An ' +
      'Auf Aus Bei Mit Nach Von Zu Für Was Wer Wie Wo Wann Warum Ja Nein Bitte Auch Nur So Nicht Ist Sind Hat Haben ' +
      'War Kann Können Möchten Soll Deshalb Außerdem',
    ordinals: true,
  },
  fr: {
    never: 'M MM Mme Mmes Mlle Me Mgr env c.-à-d',
    maybe: 'av bd apr boul',
    numbered: 'n no art chap fig',
    starters:
      'Le La Les Un Une Des Je Tu Il Elle On Nous Vous Ils Elles Ce Cette Ces Mon Ma Mes Votre Et Mais Ou Donc Alors ' +
      'Si Quand Comme Puis Ensuite Voici Oui Non Que Qui Quel Où Pour Dans En À Avec Sans',
  },
  es: {
    never: 'Sr Sra Srta D Dña Dra Ud Uds Lic Ing p.ej',
    maybe: 'EE.UU Cía',
    numbered: 'núm pág art cap',
    starters:
      'El La Los Las Un Una Yo Tú Él Ella Nosotros Ellos Esto Este Esta Mi Su Y Pero O Si Cuando Como Entonces Luego ' +
      'Ahora Sí No Qué Quién Dónde Por Para En Con De A Es Hay',
  },
};

const words = (list: string) => list.split(' ').filter((word) => word !== '');

/** The abbreviations of a language by its code (`de`), with those that every language uses. */
export function abbreviationsOf(language: string): Abbreviations {
  const own = languages[language];
  const both = (key: 'never' | 'maybe' | 'numbered' | 'starters') =>
    new Set([...words(everywhere[key]), ...words(own?.[key] ?? '')]);
  return {
    never: both('never'),
    maybe: both('maybe'),
    numbered: both('numbered'),
    starters: both('starters'),
    ordinals: own?.ordinals ?? false,
  };
}
