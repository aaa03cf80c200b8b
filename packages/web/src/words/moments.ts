/** Moments in words, where and in which language the reader is. */
export interface Moments {
  /** `14:32` */
  time(at: string): string;
  /** For a list: the time today, else the day. */
  short(at: string, now: Date): string;
  /** For a separator: `22 November`. */
  day(at: string, now: Date): string;
  /** When someone was last there. */
  seen(at: string, now: Date): string;
  /** Right to the minute, and as short as the distance allows. */
  near(at: string, now: Date): string;
  /** All of it. */
  full(at: string): string;
}

const DAY_MS = 86_400_000;

/** What moments near to now are called. */
export interface NearWords {
  today: string;
  yesterday: string;
  seenToday: (time: string) => string;
  seenYesterday: (time: string) => string;
  seenOn: (day: string) => string;
}

export function momentsIn(locale: string, near: NearWords): Moments {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, options);
  const time = format({ hour: '2-digit', minute: '2-digit' });
  const weekday = format({ weekday: 'short' });
  const date = format({ day: 'numeric', month: 'short' });
  const dateOfYear = format({ day: '2-digit', month: '2-digit', year: '2-digit' });
  const day = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const dayOfYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const dateAndTime = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const full = format({ dateStyle: 'long', timeStyle: 'short' });
  return {
    time: (at) => time.format(new Date(at)),
    short(at, now) {
      const moment = new Date(at);
      const days = daysBetween(moment, now);
      if (days <= 0) return time.format(moment);
      if (days < 7) return weekday.format(moment);
      return (moment.getFullYear() === now.getFullYear() ? date : dateOfYear).format(moment);
    },
    day(at, now) {
      const moment = new Date(at);
      const days = daysBetween(moment, now);
      if (days === 0) return near.today;
      if (days === 1) return near.yesterday;
      return (moment.getFullYear() === now.getFullYear() ? day : dayOfYear).format(moment);
    },
    seen(at, now) {
      const moment = new Date(at);
      const days = daysBetween(moment, now);
      if (days <= 0) return near.seenToday(time.format(moment));
      if (days === 1) return near.seenYesterday(time.format(moment));
      return near.seenOn((moment.getFullYear() === now.getFullYear() ? date : dateOfYear).format(moment));
    },
    near(at, now) {
      const moment = new Date(at);
      return daysBetween(moment, now) <= 0 ? time.format(moment) : dateAndTime.format(moment);
    },
    full: (at) => full.format(new Date(at)),
  };
}

/** The day of a moment where the reader is, such as `2026-11-22`. */
export function dayOf(at: string): string {
  const moment = new Date(at);
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()]
    .map((part) => `${part}`.padStart(2, '0'))
    .join('-');
}

function daysBetween(from: Date, to: Date): number {
  return Math.round((noonOf(to) - noonOf(from)) / DAY_MS);
}

function noonOf(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate(), 12).getTime();
}
