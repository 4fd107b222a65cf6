// The one door to the stemming library. Its stemmers expect lower-case words with accents; what each language does
// around them (folding, plurals, diminutives) lives in that language's own file.
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as spanish } from '@orama/stemmers/spanish';

export const snowball = { en: english, es: spanish, pt: portuguese };
