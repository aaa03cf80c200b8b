/** A day of a calendar's page. */
export interface CalendarDay {
  /** Such as `2026-11-22`. */
  date: string;
  day: number;
  /** It is one of the month, not of the one before or after. */
  inside: boolean;
  /** It can be chosen. */
  possible: boolean;
}

/** Which days there are to choose from, both included. */
export interface Span {
  first: string;
  last: string;
}

const DAY_MS = 86_400_000;

/**
 * The weeks of a month, each of seven days.
 *
 * @param date any day of the month.
 * @param weekStart the day with which a week begins: 1 is Monday, 7 Sunday (as `Intl.Locale` tells it).
 */
export function weeksOf(date: string, weekStart: number, span: Span): CalendarDay[][] {
  const month = date.slice(0, 7);
  const first = `${month}-01`;
  const weekday = new Date(parse(first)).getUTCDay();
  const before = (weekday - weekStart + 7) % 7;
  const length = new Date(parse(addMonths(first, 1)) - DAY_MS).getUTCDate();
  return Array.from({ length: Math.ceil((before + length) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (__, day) => {
      const here = addDays(first, week * 7 + day - before);
      return {
        date: here,
        day: Number(here.slice(8)),
        inside: here.startsWith(month),
        possible: here >= span.first && here <= span.last,
      };
    }),
  );
}

export function addDays(date: string, days: number): string {
  return format(parse(date) + days * DAY_MS);
}

/** The same day of another month; the last one where that month is shorter. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return format(Date.UTC(year, month - 1 + months, Math.min(day, last)));
}

/** The day itself, or the nearest one that can be chosen. */
export function within(date: string, { first, last }: Span): string {
  if (date < first) return first;
  return date > last ? last : date;
}

/** Days are counted without zones: each has 24 hours. */
function parse(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function format(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
