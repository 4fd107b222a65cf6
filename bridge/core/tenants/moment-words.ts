// Days and times as people write them in the three languages. Grammar lives here alone: "à 1h" but "às 9h", "9 am" but
// "noon", "a la 1 h" but "a las 9 h".
import type { DateTime } from 'luxon';
import type { Language } from '../language.ts';

interface ClockTime {
  hour: number;
  minute: number;
}

interface MomentWords {
  /** @param days from today; @param date the day itself */
  day(days: number, date: DateTime): string;
  at(day: string, time: ClockTime): string;
  untilToday(time: ClockTime): string;
  untilLater(day: string, time: ClockTime): string;
  always: string;
}

const isMidnight = ({ hour, minute }: ClockTime): boolean => hour === 0 && minute === 0;

function dayWords(locale: string, names: { today: string; tomorrow: string; weekday: string; date: string }) {
  return (days: number, date: DateTime): string => {
    if (days === 0) return names.today;
    if (days === 1) return names.tomorrow;
    return date.setLocale(locale).toFormat(days > 1 && days < 7 ? names.weekday : names.date);
  };
}

function portugueseTime({ hour, minute }: ClockTime): string {
  return minute === 0 ? `${hour}h` : `${hour}h${String(minute).padStart(2, '0')}`;
}

function portugueseArticle({ hour }: ClockTime): string {
  return hour < 2 ? 'a' : 'as';
}

function portugueseAt(time: ClockTime): string {
  if (isMidnight(time)) return 'à meia-noite';
  return `${time.hour < 2 ? 'à' : 'às'} ${portugueseTime(time)}`;
}

function portugueseUntil(time: ClockTime): string {
  return isMidnight(time) ? 'até a meia-noite' : `até ${portugueseArticle(time)} ${portugueseTime(time)}`;
}

function englishTime(time: ClockTime): string {
  if (isMidnight(time)) return 'midnight';
  if (time.hour === 12 && time.minute === 0) return 'noon';
  const hour = time.hour % 12 === 0 ? 12 : time.hour % 12;
  const minute = time.minute === 0 ? '' : `:${String(time.minute).padStart(2, '0')}`;
  return `${hour}${minute} ${time.hour < 12 ? 'am' : 'pm'}`;
}

function spanishTime(time: ClockTime): string {
  if (isMidnight(time)) return 'la medianoche';
  const minute = time.minute === 0 ? '' : `:${String(time.minute).padStart(2, '0')}`;
  return `${time.hour === 1 ? 'la' : 'las'} ${time.hour}${minute} h`;
}

export const momentWords: Record<Language, MomentWords> = {
  pt: {
    day: dayWords('pt-BR', { today: 'hoje', tomorrow: 'amanhã', weekday: 'cccc', date: "d 'de' LLLL" }),
    at: (day, time) => `${day} ${portugueseAt(time)}`,
    untilToday: (time) => `hoje ${portugueseUntil(time)}`,
    untilLater: (day, time) => (isMidnight(time) ? `até a meia-noite de ${day}` : `até ${day} ${portugueseAt(time)}`),
    always: '24 horas por dia, todos os dias',
  },
  en: {
    day: dayWords('en-US', { today: 'today', tomorrow: 'tomorrow', weekday: 'cccc', date: 'LLLL d' }),
    at: (day, time) => `${day} at ${englishTime(time)}`,
    untilToday: (time) => `today until ${englishTime(time)}`,
    untilLater: (day, time) => `until ${day} at ${englishTime(time)}`,
    always: '24 hours a day, every day',
  },
  es: {
    day: dayWords('es', { today: 'hoy', tomorrow: 'mañana', weekday: "'este' cccc", date: "d 'de' LLLL" }),
    at: (day, time) => `${day} a ${spanishTime(time)}`,
    untilToday: (time) => `hoy hasta ${spanishTime(time)}`,
    untilLater: (day, time) => `hasta ${day} a ${spanishTime(time)}`,
    always: '24 horas al día, todos los días',
  },
};
